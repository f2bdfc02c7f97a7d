package dev.fanfare.transport.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.app.App;
import dev.fanfare.observe.ServerListener;
import dev.fanfare.testing.Api;
import dev.fanfare.testing.InlineLoop;
import dev.fanfare.testing.OfflineNode;
import dev.fanfare.testing.RawSocket;
import dev.fanfare.testing.TestNode;
import dev.fanfare.transport.LaneContext;
import dev.fanfare.transport.ServerOptions;
import dev.fanfare.transport.websocket.Fault;
import dev.fanfare.transport.websocket.FaultyAllocator;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Publishers and subscribers on one lane, from the handshake and the request's head on, with
/// buffers, writes and a listener that may fail.
final class FaultyHttpNode implements AutoCloseable {

  private static final App APP = TestNode.APP;
  private static final String PATH = "/apps/" + APP.id() + "/events";

  private final InlineLoop loop = new InlineLoop();
  private final FaultyAllocator allocator;
  private final Fault writes;
  private final EmbeddedLane lane;
  private final Pipeline pipeline;
  private final List<FaultySocket> sockets = new ArrayList<>();
  private final List<Integer> due = new ArrayList<>();
  private int published;

  FaultyHttpNode(Fault buffers, Fault writes, ServerListener listener) {
    this.writes = writes;
    allocator = new FaultyAllocator(buffers);
    lane = new EmbeddedLane(ServerOptions.DEFAULTS, loop, allocator, listener);
    pipeline = lane.pipeline(EmbeddedSocket.NO_TLS);
  }

  /// Always the same: handshakes, events in one piece and in several, reads, a forged request, a
  /// request and a message that are never completed, and sockets that leave.
  void converse() {
    FaultySocket reader = open();
    FaultySocket other = open();
    subscribe(reader);
    subscribe(other);
    FaultySocket publisher = open();
    publish(publisher, reader, 100);
    publish(publisher, reader, 3_000, 20_000);
    publisher.receive(
        signed("GET", "/apps/" + APP.id() + "/channels", "") + signed("GET", "/live", ""));
    loop.runAll();
    FaultySocket forger = open();
    forger.receive("POST " + PATH + " HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\n");
    other.receive(RawSocket.frame(0x01, true, new byte[5_000]));
    FaultySocket slow = open();
    String half = signed("POST", PATH, event(99, 10_000));
    slow.receive(half.substring(0, half.length() - 5_000));
    publish(publisher, reader, 100);
    slow.leave();
    other.leave();
    publish(publisher, reader, 100);
    loop.runAll();
  }

  private FaultySocket open() {
    FaultySocket socket = new FaultySocket(pipeline, lane.context(), allocator, writes);
    sockets.add(socket);
    return socket;
  }

  private void subscribe(FaultySocket socket) {
    socket.receive(
        "GET /app/"
            + APP.key()
            + "?protocol=7 HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n");
    String subscribe = "{\"event\":\"pusher:subscribe\",\"data\":{\"channel\":\"a\"}}";
    socket.receive(RawSocket.frame(0x81, true, subscribe.getBytes(StandardCharsets.UTF_8)));
    loop.runAll();
  }

  /// Publishes one event; the body may come in two parts.
  private void publish(FaultySocket publisher, FaultySocket reader, int... bytes) {
    int number = published++;
    int size = Arrays.stream(bytes).sum();
    String request = signed("POST", PATH, event(number, size));
    int answers = publisher.statuses().size();
    boolean isSubscribed = reader.hasSent("subscription_succeeded") && !reader.isClosed();
    int at = 0;
    for (int i = 0; i < bytes.length; i++) {
      int end = i == bytes.length - 1 ? request.length() : at + bytes[i];
      publisher.receive(request.substring(at, end));
      at = end;
    }
    loop.runAll();
    sockets.forEach(FaultySocket::collect);
    List<Integer> statuses = publisher.statuses();
    if (isSubscribed && statuses.size() > answers && statuses.getLast() == 200) {
      due.add(number);
    }
  }

  private static String event(int number, int bytes) {
    String event = "{\"name\":\"e\",\"channel\":\"a\",\"data\":\"event " + number + "\"}";
    return event + " ".repeat(Math.max(0, bytes - event.length()));
  }

  private String signed(String method, String path, String body) {
    String query = Api.signedQuery(APP, method, path, "", body, lane.offline().epochSeconds());
    String length = body.isEmpty() ? "" : "Content-Length: " + body.length() + "\r\n";
    return method + " " + path + "?" + query + " HTTP/1.1\r\nHost: a\r\n" + length + "\r\n" + body;
  }

  /// @param mostClosed how many sockets the server may have closed, besides the forger's
  void check(String what, int mostClosed) {
    sockets.forEach(FaultySocket::collect);
    FaultySocket reader = sockets.getFirst();
    FaultySocket publisher = sockets.get(2);
    assertThat(reader.isClosed() || reader.events().containsAll(due))
        .as("%s: reader got %s of %s", what, reader.events(), due)
        .isTrue();
    assertThat(reader.events()).as("%s: order", what).isSorted().doesNotHaveDuplicates();
    assertThat(publisher.isClosed() || publisher.statuses().size() == 6)
        .as("%s: answers %s", what, publisher.statuses())
        .isTrue();
    long closed =
        sockets.stream().filter(FaultySocket::isClosed).count()
            - (sockets.get(3).isClosed() ? 1 : 0);
    assertThat(closed).as("%s: sockets closed", what).isLessThanOrEqualTo(mostClosed);
    sockets.forEach(FaultySocket::leave);
    loop.runAll();
    LaneContext context = lane.context();
    context.backlog().onSweep();
    OfflineNode offline = lane.offline();
    assertThat(offline.sessions().count(APP)).as("%s: sessions", what).isZero();
    assertThat(offline.channels().find(APP, "a")).as("%s: channel", what).isNull();
    assertThat(context.lane().waiting()).as("%s: waiting", what).isZero();
    assertThat(context.http().size()).as("%s: HTTP sockets", what).isZero();
    assertThat(lane.ledger().requests().used()).as("%s: incomplete messages", what).isZero();
    assertThat(lane.ledger().backlog().used()).as("%s: backlog", what).isZero();
    assertThat(allocator.usedBytes()).as("%s: bytes of buffers", what).isZero();
  }

  @Override
  public void close() {
    lane.context().close();
  }
}
