package dev.fanfare.node.warm;

import dev.fanfare.app.App;
import dev.fanfare.protocol.Signature;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// Clients that come at once, subscribe and leave, and a server that publishes. One thread plays
/// all of them. It does each step for all clients before the next one, so that the server has many
/// sockets to serve in a turn, as after a real start.
public final class Crowd implements AutoCloseable {

  /// Public channels, of which each crowd uses the next one: many subscribers, as channels have.
  private static final int CHANNELS = 20;

  /// Events that are published at once, so that some of them are joined.
  private static final int BURST = 10;

  /// Of so many clients, one joins a private and one a presence channel.
  private static final int SIGNED_EVERY = 10;

  /// In one of so many waves there are events.
  private static final int EVENTS_EVERY = 4;

  private static final String ID = "\\\"socket_id\\\":\\\"";
  private static final String UPGRADED = "HTTP/1.1 101";
  private static final String ACCEPTED = "HTTP/1.1 200";
  private static final byte[] PING =
      LoopbackSocket.frame("{\"event\":\"pusher:ping\",\"data\":{}}");
  private static final byte[] CLOSE = LoopbackSocket.frame("");

  private final InetSocketAddress address;
  private final App app;
  private final InstantSource wall;
  private final int size;
  private final byte[] upgrade;
  private final List<byte[]> subscriptions = new ArrayList<>();
  private final List<LoopbackSocket> sockets = new ArrayList<>();
  private final LoopbackSocket publisher;
  private int waves;
  private long events;

  /// @param size how many clients come at once
  /// @throws IOException if the server cannot be reached
  public Crowd(InetSocketAddress address, App app, InstantSource wall, int size)
      throws IOException {
    this.address = address;
    this.app = app;
    this.wall = wall;
    this.size = size;
    this.upgrade =
        bytes(
            "GET /app/"
                + app.key()
                + "?protocol=7&client=js&version=8.4.0&flash=false HTTP/1.1\r\nHost: localhost:"
                + address.getPort()
                + "\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nOrigin: http://localhost\r\n"
                + "User-Agent: Mozilla/5.0\r\nSec-WebSocket-Version: 13\r\n"
                + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");
    for (int i = 0; i < CHANNELS; i++) {
      subscriptions.add(LoopbackSocket.frame(subscription("warm-" + i, "")));
    }
    this.publisher = LoopbackSocket.connect(address);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String subscription(String channel, String more) {
    return "{\"event\":\"pusher:subscribe\",\"data\":{\"channel\":\""
        + channel
        + "\""
        + more
        + "}}";
  }

  /// Connections so far.
  public long connections() {
    return (long) waves * size;
  }

  /// Deliveries of events so far.
  public long events() {
    return events;
  }

  /// One crowd comes and goes. Blocks; an interrupt ends it.
  ///
  /// @throws IOException if the server answers something unexpected, or a socket fails
  public void wave() throws IOException {
    for (int i = 0; i < size; i++) {
      LoopbackSocket socket = LoopbackSocket.connect(address);
      sockets.add(socket);
      socket.write(upgrade);
    }
    subscribe();
    if (waves % EVENTS_EVERY == 0) {
      exchange();
    }
    leave();
    waves++;
  }

  private void subscribe() throws IOException {
    for (int i = 0; i < size; i++) {
      LoopbackSocket socket = sockets.get(i);
      socket.readResponse(UPGRADED);
      String greeting = socket.read(ID);
      int kind = i % SIGNED_EVERY;
      socket.write(
          kind <= 1
              ? LoopbackSocket.frame(signed(greeting, kind == 1))
              : subscriptions.get(waves % CHANNELS));
    }
    for (LoopbackSocket socket : sockets) {
      socket.read("subscription_succeeded");
    }
  }

  private String signed(String greeting, boolean isPresence) {
    int from = greeting.indexOf(ID) + ID.length();
    String id = greeting.substring(from, greeting.indexOf('\\', from));
    String channel = isPresence ? "presence-" + id : "private-warm";
    String member = isPresence ? "{\"user_id\":\"" + id + "\"}" : null;
    String signature = app.secret().signature().sign(Signature.subscription(id, channel, member));
    String auth = ",\"auth\":\"" + app.key() + ":" + signature + "\"";
    return subscription(
        channel,
        isPresence ? auth + ",\"channel_data\":\"{\\\"user_id\\\":\\\"" + id + "\\\"}\"" : auth);
  }

  /// A burst of events for the public channel, a client event of the first client, and a ping of
  /// each.
  private void exchange() throws IOException {
    for (int i = 0; i < BURST; i++) {
      publish("warm-" + waves % CHANNELS);
    }
    for (int i = 0; i < BURST; i++) {
      publisher.readResponse(ACCEPTED);
    }
    sockets
        .getFirst()
        .write(
            LoopbackSocket.frame(
                "{\"event\":\"client-warm\",\"channel\":\"private-warm\",\"data\":{\"n\":1}}"));
    for (int i = 0; i < size; i++) {
      LoopbackSocket socket = sockets.get(i);
      int kind = i % SIGNED_EVERY;
      if (kind == 0 && i > 0) {
        socket.read("client-warm");
        events++;
      }
      int due = kind > 1 ? BURST : 0;
      for (int event = 0; event < due; event++) {
        socket.read("event");
        events++;
      }
      socket.write(PING);
    }
    for (LoopbackSocket socket : sockets) {
      socket.read("pusher:pong");
    }
  }

  private void publish(String channel) throws IOException {
    String body = "{\"name\":\"event\",\"channel\":\"" + channel + "\",\"data\":\"{\\\"n\\\":1}\"}";
    String path = "/apps/" + app.id() + "/events";
    String query =
        "auth_key="
            + app.key()
            + "&auth_timestamp="
            + TimeUnit.MILLISECONDS.toSeconds(wall.millis())
            + "&auth_version=1.0&body_md5="
            + Signature.md5(bytes(body));
    String signature = app.secret().signature().sign(Signature.request("POST", path, query));
    publisher.write(
        bytes(
            "POST "
                + path
                + "?"
                + query
                + "&auth_signature="
                + signature
                + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                + "Content-Length: "
                + body.length()
                + "\r\n\r\n"
                + body));
  }

  private void leave() throws IOException {
    for (LoopbackSocket socket : sockets) {
      socket.write(CLOSE);
    }
    for (LoopbackSocket socket : sockets) {
      socket.readToEnd();
      socket.close();
    }
    sockets.clear();
  }

  @Override
  public void close() throws IOException {
    for (LoopbackSocket socket : sockets) {
      socket.close();
    }
    publisher.close();
  }
}
