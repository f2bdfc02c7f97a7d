package dev.fanfare.transport.websocket;

import dev.fanfare.protocol.Signature;
import dev.fanfare.session.Session;
import dev.fanfare.testing.TestNode;
import dev.fanfare.transport.LaneContext;
import dev.fanfare.transport.ServerOptions;
import dev.fanfare.transport.address.Remote;
import io.netty.buffer.ByteBuf;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.util.ReferenceCountUtil;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// One connection whose writes may fail, with the real handlers behind the frame decoder.
final class FaultyClient {

  private static final Pattern EVENT =
      Pattern.compile("\"event\":\"e\",\"channel\":\"[^\"]*\",\"data\":\"(\\d+)\"");

  private final EmbeddedChannel socket = new EmbeddedChannel();
  private final NettyConnection connection;
  private final Session session;
  private final StringBuilder sent = new StringBuilder();
  private final Set<String> subscribed = new HashSet<>();
  private final List<String> due = new ArrayList<>();
  private boolean left;

  FaultyClient(
      LaneContext context,
      FaultyAllocator allocator,
      Fault writes,
      String socketId,
      Function<NettyConnection, Session> sessions) {
    socket.config().setAllocator(allocator);
    connection =
        new NettyConnection(
            socket,
            context,
            ServerOptions.DEFAULTS,
            socketId,
            Remote.of(socket.remoteAddress()),
            context.lane().tally().traffic(TestNode.APP.id()),
            false);
    session = sessions.apply(connection);
    connection.begin(session);
    socket
        .pipeline()
        .addLast(
            new FailingWrites(writes),
            new WebSocketHandler(connection, ServerOptions.DEFAULTS, context));
    context.heartbeat().add(connection);
  }

  String socketId() {
    return connection.socketId();
  }

  int number() {
    return Integer.parseInt(socketId().substring(2));
  }

  void open() {
    try {
      session.onOpen(120);
      connection.onFlush();
    } catch (Fault.Injected e) {
      socket.pipeline().fireExceptionCaught(e);
    }
  }

  void subscribe(String channel) {
    send("{\"event\":\"pusher:subscribe\",\"data\":{\"channel\":\"" + channel + "\"}}");
    expect(channel);
  }

  /// Subscribes to a channel that replays these events.
  void subscribeKept(String channel, List<String> kept) {
    subscribe(channel);
    if (subscribed.contains(channel) && !isClosed()) {
      due.addAll(kept);
    }
  }

  void subscribePresence(String channel, String userId) {
    String data = "{\"user_id\":\"" + userId + "\"}";
    String auth = sign(socketId() + ":" + channel + ":" + data);
    send(
        "{\"event\":\"pusher:subscribe\",\"data\":{\"channel\":\"%s\",\"auth\":\"%s\",\"channel_data\":\"%s\"}}"
            .formatted(channel, auth, data.replace("\"", "\\\"")));
    expect(channel);
  }

  void signIn(String userId) {
    String data = "{\"id\":\"" + userId + "\",\"watchlist\":[\"u1\",\"u2\"]}";
    String auth = sign(Signature.signIn(socketId(), data));
    send(
        "{\"event\":\"pusher:signin\",\"data\":{\"auth\":\"%s\",\"user_data\":\"%s\"}}"
            .formatted(auth, data.replace("\"", "\\\"")));
  }

  void unsubscribe(String channel) {
    subscribed.remove(channel);
    send("{\"event\":\"pusher:unsubscribe\",\"data\":{\"channel\":\"" + channel + "\"}}");
  }

  private void expect(String channel) {
    collect();
    if (sent.indexOf("subscription_succeeded\",\"channel\":\"" + channel + "\"") >= 0) {
      subscribed.add(channel);
    }
  }

  private static String sign(String text) {
    return TestNode.APP.key() + ":" + TestNode.APP.secret().signature().sign(text);
  }

  void close() {
    if (socket.isOpen()) {
      left |= !connection.isClosing();
      subscribed.clear();
      socket.writeInbound(new CloseWebSocketFrame(1000, ""));
      collect();
    }
  }

  private void send(String text) {
    if (socket.isOpen()) {
      socket.writeInbound(new TextWebSocketFrame(text));
      collect();
    }
  }

  /// An event was accepted from its publisher.
  void onPublished(String channel, String data) {
    if (subscribed.contains(channel) && !isClosed()) {
      due.add(data);
    }
  }

  void collect() {
    Object message;
    while ((message = socket.readOutbound()) != null) {
      sent.append(((ByteBuf) message).toString(StandardCharsets.ISO_8859_1));
      ReferenceCountUtil.release(message);
    }
  }

  List<String> due() {
    return due;
  }

  List<String> received() {
    List<String> found = new ArrayList<>();
    Matcher matcher = EVENT.matcher(sent);
    while (matcher.find()) {
      found.add(matcher.group(1));
    }
    return found;
  }

  boolean hasAll() {
    return received().containsAll(due)
        && received().stream().distinct().count() == received().size();
  }

  /// True if either side has closed it.
  boolean isClosed() {
    return connection.isClosing() || !socket.isOpen();
  }

  /// True if the client closed it.
  boolean left() {
    return left;
  }

  void finish() {
    socket.finishAndReleaseAll();
    collect();
  }
}
