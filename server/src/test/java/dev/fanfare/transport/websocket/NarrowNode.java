package dev.fanfare.transport.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.app.AppOptions;
import dev.fanfare.app.SlowReaders;
import dev.fanfare.observe.ServerListener;
import dev.fanfare.observe.Traffic;
import dev.fanfare.observe.Traffic.Count;
import dev.fanfare.protocol.ChannelName;
import dev.fanfare.protocol.CloseCode;
import dev.fanfare.protocol.Origin;
import dev.fanfare.protocol.Parsed;
import dev.fanfare.protocol.Publication;
import dev.fanfare.protocol.ServerMessage;
import dev.fanfare.session.Session;
import dev.fanfare.testing.InlineLoop;
import dev.fanfare.testing.OfflineNode;
import dev.fanfare.testing.TestNode;
import dev.fanfare.transport.ServerOptions;
import dev.fanfare.transport.address.Remote;
import dev.fanfare.transport.memory.Backlog;
import dev.fanfare.transport.server.EmbeddedLane;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// A node with one client, whose kernel is a [NarrowSocket]. Everything runs when the test says so.
final class NarrowNode implements AutoCloseable {

  private final InlineLoop loop = new InlineLoop();
  private final FaultyAllocator allocator = new FaultyAllocator(new Fault(0));
  private final NarrowSocket socket = new NarrowSocket();
  private final EmbeddedLane lane;
  private final OfflineNode offline;
  private final NettyConnection connection;

  /// Without a limit that a test reaches.
  ///
  /// @param isDirect false for Netty's pipeline alone
  NarrowNode(boolean isDirect) {
    this(isDirect, SlowReaders.DISCONNECT, ServerOptions.DEFAULTS.maxPendingBytes());
  }

  /// @param maxPending bytes
  NarrowNode(boolean isDirect, SlowReaders slowReaders, int maxPending) {
    AppOptions options = TestNode.APP.options().withSlowReaders(slowReaders);
    ServerOptions server = ServerOptions.DEFAULTS.withMaxPendingBytes(maxPending);
    lane =
        new EmbeddedLane(
            server, loop, allocator, ServerListener.NONE, TestNode.APP.withOptions(options));
    offline = lane.offline();
    socket.config().setAllocator(allocator);
    socket.config().setWriteBufferWaterMark(new WriteBufferWaterMark(maxPending, maxPending));
    connection =
        new NettyConnection(
            socket,
            lane.context(),
            server,
            "1.1",
            Remote.of(socket.remoteAddress()),
            traffic(),
            false);
    connection.setDirect(isDirect ? socket.direct() : DirectWrite.NEVER);
    Session session = new Session(offline.app(), connection, offline.sessionContext());
    connection.begin(session);
    socket.pipeline().addLast(new WebSocketHandler(connection, server, lane.context()));
    lane.context().heartbeat().add(connection);
    session.onOpen(120);
    connection.onFlush();
    for (int channel = 0; channel < 10; channel++) {
      receive("{\"event\":\"pusher:subscribe\",\"data\":{\"channel\":\"c" + channel + "\"}}");
    }
    loop.runAll();
    var _ = socket.takeCalls();
  }

  private Traffic traffic() {
    return lane.context().lane().tally().traffic(TestNode.APP.id());
  }

  NarrowSocket socket() {
    return socket;
  }

  void receive(String text) {
    if (socket.isOpen()) {
      socket.writeInbound(new TextWebSocketFrame(text));
    }
  }

  void ping() {
    if (socket.isOpen()) {
      socket.writeInbound(new PingWebSocketFrame());
    }
  }

  void closeByClient() {
    if (socket.isOpen()) {
      socket.writeInbound(new CloseWebSocketFrame(1000, ""));
    }
  }

  void closeByServer() {
    connection.close(CloseCode.RECONNECT, "on purpose");
  }

  /// TCP ends.
  void end() {
    var _ = socket.close();
    socket.runPendingTasks();
  }

  /// A message for this client alone.
  void sendAndFlush() {
    connection.send(new ServerMessage.Pong());
    flush();
  }

  void flush() {
    connection.onFlush();
  }

  /// Publishes to a channel; [#turn] delivers it.
  void publish(int channel, String data) {
    ChannelName name = ((Parsed.Ok<ChannelName>) ChannelName.parse("c" + channel, 100)).value();
    List<Publication> event = List.of(new Publication(name, "e", data, null, null, Origin.HTTP));
    assertThat(offline.publisher().publish(offline.app(), event)).isEqualTo(Parsed.PASSED);
  }

  /// All turns that are due.
  void turn() {
    loop.runAll();
    socket.runPendingTasks();
  }

  boolean isClosing() {
    return connection.isClosing();
  }

  /// Bytes that wait for the client.
  long pending() {
    return Backlog.pending(socket);
  }

  /// All that can be seen from outside, but for the calls of the kernel and what waits.
  List<Object> state() {
    List<Object> state = new ArrayList<>();
    state.add(new String(socket.accepted(), StandardCharsets.ISO_8859_1));
    state.add(socket.isOpen());
    state.add(connection.isClosing());
    state.add(offline.sessions().count(TestNode.APP));
    for (Count count : Count.values()) {
      state.add(count + " " + traffic().get(count));
    }
    return state;
  }

  /// Ends everything; nothing may be left.
  @Override
  public void close() {
    socket.fail(new IOException("the test is over"));
    end();
    turn();
    lane.context().backlog().onSweep();
    assertThat(lane.ledger().backlog().used()).as("backlog").isZero();
    socket.finishAndReleaseAll();
    lane.context().close();
    assertThat(allocator.usedBytes()).as("bytes of buffers").isZero();
  }
}
