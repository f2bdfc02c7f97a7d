package dev.fanfare.transport;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.app.App;
import dev.fanfare.budget.Ledger;
import dev.fanfare.budget.LedgerOptions;
import dev.fanfare.channel.Lane;
import dev.fanfare.observe.Readiness;
import dev.fanfare.observe.ServerListener;
import dev.fanfare.testing.Api;
import dev.fanfare.testing.InlineLoop;
import dev.fanfare.testing.OfflineNode;
import dev.fanfare.testing.RawSocket;
import dev.fanfare.testing.TestNode;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Publishers and subscribers on one lane, from the handshake and the request's head on, with
/// buffers, writes and a listener that may fail.
final class FaultyHttpNode implements AutoCloseable {

  private static final App APP = TestNode.APP;
  private static final String PATH = "/apps/" + APP.id() + "/events";
  private static final ServerOptions OPTIONS = ServerOptions.DEFAULTS;

  private final InlineLoop loop = new InlineLoop();
  private final Ledger ledger = Ledger.of(LedgerOptions.DERIVED, DirectMemory.ofProcess());
  private final FaultyAllocator allocator;
  private final Fault writes;
  private final OfflineNode offline;
  private final LaneContext context;
  private final Pipeline pipeline;
  private final List<FaultySocket> sockets = new ArrayList<>();
  private final List<Integer> due = new ArrayList<>();
  private int published;

  FaultyHttpNode(Fault buffers, Fault writes, ServerListener listener) {
    this.writes = writes;
    allocator = new FaultyAllocator(buffers);
    Deflation deflation = new Deflation();
    Backlog backlog = new Backlog(ledger.backlog(), new Relief(), loop);
    Lane lane =
        new Lane(
            0,
            loop,
            loop,
            () -> true,
            new SharedFrame.Maker(allocator, deflation::deflate, backlog));
    offline = new OfflineNode(lane, listener);
    context =
        new LaneContext(
            lane,
            new Heartbeat(offline.clock(), lane.tally()),
            new HttpSockets(OPTIONS),
            new DateHeader(offline.clock()::instant),
            deflation,
            new Inflation(),
            new Holdings(ledger.requests(), new Relief(), loop),
            backlog,
            new SecureRandom(),
            offline.clock());
    Node node =
        new Node(
            OPTIONS,
            offline.apps(),
            offline.services(),
            offline.router(),
            new SourceLimits(OPTIONS, offline.clock()),
            new FileBudget(new OpenFiles.Unlimited(), () -> 0, 0),
            new Readiness());
    pipeline = new Pipeline(node, _ -> context, EmbeddedSocket.NO_TLS);
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
    FaultySocket socket = new FaultySocket(pipeline, context, allocator, writes);
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
    String query = Api.signedQuery(APP, method, path, "", body, offline.epochSeconds());
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
    context.backlog().onSweep();
    assertThat(offline.services().sessions().count(APP)).as("%s: sessions", what).isZero();
    assertThat(offline.services().channels().find(APP, "a")).as("%s: channel", what).isNull();
    assertThat(context.lane().waiting()).as("%s: waiting", what).isZero();
    assertThat(context.http().size()).as("%s: HTTP sockets", what).isZero();
    assertThat(ledger.requests().used()).as("%s: incomplete messages", what).isZero();
    assertThat(ledger.backlog().used()).as("%s: backlog", what).isZero();
    assertThat(allocator.usedBytes()).as("%s: bytes of buffers", what).isZero();
  }

  @Override
  public void close() {
    context.close();
  }
}
