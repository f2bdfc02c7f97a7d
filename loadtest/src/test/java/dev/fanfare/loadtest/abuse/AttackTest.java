package dev.fanfare.loadtest.abuse;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.loadtest.attack.AttackKind;
import dev.fanfare.loadtest.attack.Collision;
import dev.fanfare.loadtest.attack.Siege;
import dev.fanfare.loadtest.attack.Tally;
import dev.fanfare.loadtest.attack.http.ExpensiveQueries;
import dev.fanfare.loadtest.attack.websocket.CompressionBombs;
import dev.fanfare.loadtest.plan.Target;
import dev.fanfare.loadtest.plan.TargetBuilder;
import dev.fanfare.loadtest.testing.RecordedConnection;
import dev.fanfare.loadtest.testing.RecordingServer;
import dev.fanfare.testing.ClosedPort;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.FutureTask;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What each attack sends, byte for byte, and that it leaves nothing behind.
@Timeout(30)
final class AttackTest {

  private static final long LONG_NS = 60_000_000_000L;
  private static final long SHORT_NS = 200_000_000L;
  private static final long POLL_MILLIS = 20;
  private static final int SOCKETS = 4;

  /// What some connection must have sent, by attack; several: each of them by some connection.
  private static final Map<String, List<Predicate<RecordedConnection>>> SENT =
      Map.ofEntries(
          sends("silent", it -> it.raw().isEmpty()),
          sends(
              "half-hello",
              begins("\u0016\u0003\u0001\u0002\0\u0001\0\u0001").and(ofLength(43, 43))),
          sends(
              "slow-tls",
              begins("\u0016\u0003\u0001\u0002\u0005\u0001\0\u0002\u0001\u0003")
                  .and(ofLength(10, 20))),
          sends("tls-handshakes", begins("\u0016\u0003")),
          sends("half-heads", begins("GET /app/app-key?protocol=7 HTTP/1.1\r\nHost: x\r\n")),
          sends(
              "half-bodies-unknown-key",
              begins("POST /apps/app-id/events?auth_key=unknown-key&")
                  .and(has("Length: 1048576\r\n\r\n   "))),
          sends(
              "half-bodies-unsigned",
              has("auth_key=app-key&").and(has("auth_signature=none ")).and(has("\r\n\r\n    "))),
          sends(
              "half-bodies-forged",
              has("auth_signature=0123456789abcdef0123").and(has("\r\n\r\n    "))),
          sendsEach(
              "half-messages",
              List.of(
                  it ->
                      it.hasFrame(0x01, " ".repeat(15_000))
                          && it.hasFrame(0x00, " ".repeat(15_000)),
                  it -> it.isUpgraded() && it.frames().isEmpty() && it.raw().length() > 119_000)),
          sendsEach(
              "unread-events",
              List.of(has("x".repeat(9_000)), it -> it.hasTexts(1, "\"channel\":\"attack-busy\""))),
          sends("unread-refusals", it -> it.hasTexts(9, "private-xxxx")),
          sends(
              "unread-answers", it -> it.count("GET /apps/app-id/channels?auth_key=app-key ") > 9),
          sends("subscription-flood", it -> it.hasTexts(50, "flood-")),
          sends("subscribe-loop", loops("\"attack-loop\"")),
          sends("fresh-channels", loops("\"attack-fresh-49\"").or(loops("\"attack-fresh-5\""))),
          sends("colliding-names", loops("\"attack-BBAaAa")),
          sends("colliding-crowd", it -> it.hasTexts(90, "\"held-")),
          sends("colliding-users", it -> it.hasTexts(20, "{\\\"user_id\\\":\\\"u")),
          sendsEach(
              "presence-flapping",
              List.of(
                  it -> it.frames().size() == 1 && it.hasTexts(1, "user-"),
                  loops("presence-attack-flapping"))),
          sendsEach(
              "count-flapping",
              List.of(
                  it -> it.frames().size() == 1 && it.hasTexts(1, "attack-counted"),
                  loops("attack-counted"))),
          sends("queries", has("?" + "a&".repeat(7_900) + "auth_signature=00 ")),
          sends("bombs", it -> it.frames().size() > 9 && it.hasFrame(0xC1, "")),
          sends("big-json", it -> it.hasTexts(1, ",\"f9999\":999}}")),
          sends("deep-json", it -> it.hasTexts(1, "[".repeat(50_000))),
          sendsEach(
              "frames",
              List.of(
                  it -> it.hasFrame(0x81, "x"),
                  it -> it.hasFrame(0xF1, "x"),
                  it -> it.hasFrame(0x83, "x"),
                  it -> it.hasFrame(0x8B, "x"))),
          sends("storm", it -> it.hasFrame(0x88, "\u0003\u00E8")),
          sendsEach(
              "aborts",
              List.of(RecordedConnection::isUpgraded, begins("GET /app/").and(ofLength(50, 150)))),
          sends("forged-requests", it -> it.count("auth_signature=0123456789abcdef") > 1),
          sends("forged-subscriptions", it -> it.hasTexts(20, "\"private-forged\"")),
          sends("client-events", it -> it.hasTexts(50, "\"client-attack\"")),
          sendsEach(
              "huge-names",
              List.of(
                  it -> it.hasTexts(1, "x".repeat(100_000)),
                  it -> it.hasTexts(1, "u".repeat(100_000)))),
          sends("cache", it -> it.count("\"cache-attack-") > 1),
          sends("hooked-events", it -> it.hasTexts(2, "x".repeat(9_000))),
          sendsEach("proxy", List.of(begins("PROXY "), begins("\r\n\r\n\0\r\nQUIT\n!\u0011"))),
          sendsEach(
              "metrics",
              List.of(
                  it -> it.raw().isEmpty(),
                  it -> it.raw().equals("GET /metrics HTTP/1.1\r\nHost: x\r\n"),
                  it -> it.count("GET /metrics ") > 9)));

  private static Map.Entry<String, List<Predicate<RecordedConnection>>> sends(
      String attack, Predicate<RecordedConnection> what) {
    return Map.entry(attack, List.of(what));
  }

  private static Map.Entry<String, List<Predicate<RecordedConnection>>> sendsEach(
      String attack, List<Predicate<RecordedConnection>> what) {
    return Map.entry(attack, what);
  }

  private static Predicate<RecordedConnection> begins(String text) {
    return it -> it.raw().startsWith(text);
  }

  private static Predicate<RecordedConnection> has(String text) {
    return it -> it.raw().contains(text);
  }

  private static Predicate<RecordedConnection> ofLength(int least, int most) {
    return it -> it.raw().length() >= least && it.raw().length() <= most;
  }

  /// Subscribes and unsubscribes.
  private static Predicate<RecordedConnection> loops(String channel) {
    return it ->
        it.frames().stream()
                .anyMatch(frame ->
                    frame.text().contains("pusher:subscribe") && frame.text().contains(channel))
            && it.frames().stream()
                .anyMatch(frame ->
                    frame.text().contains("pusher:unsubscribe") && frame.text().contains(channel));
  }

  static Stream<String> everyAttack() {
    return AttackCatalog.kinds().stream().map(AttackKind::name);
  }

  @Test
  void everyAttackIsDescribedHere() {
    assertThat(everyAttack()).containsExactlyInAnyOrderElementsOf(SENT.keySet());
  }

  @ParameterizedTest
  @MethodSource("everyAttack")
  void attackSendsItsBytesAndClosesEverything(String name) throws Exception {
    try (RecordingServer server = new RecordingServer()) {
      Target target =
          TargetBuilder.builder()
              .host("127.0.0.1")
              .port(server.port())
              .tls(false)
              .insecure(true)
              .appId("app-id")
              .key("app-key")
              .secret("app-secret")
              .build();
      InetSocketAddress metrics =
          new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port());
      Siege siege = new Siege(target, metrics);
      FutureTask<Tally.Totals> run =
          new FutureTask<>(() -> siege.run(AttackCatalog.kind(name), SOCKETS, LONG_NS));
      Thread thread = Thread.ofVirtual().start(run);
      List<Predicate<RecordedConnection>> expected = Objects.requireNonNull(SENT.get(name));
      while (!expected.stream().allMatch(sent -> server.received().stream().anyMatch(sent))) {
        Thread.sleep(POLL_MILLIS); // @Timeout ends it
      }
      siege.end();
      thread.join();
      assertThat(run.get().connections()).isGreaterThanOrEqualTo(server.received().size());
      while (server.open() > 0) {
        Thread.sleep(POLL_MILLIS);
      }
    }
  }

  @Test
  void siegeWithoutAServerEndsInTime() throws IOException, InterruptedException {
    try (ClosedPort closed = new ClosedPort()) {
      Target nowhere =
          TargetBuilder.builder()
              .host("127.0.0.1")
              .port(closed.number())
              .tls(false)
              .insecure(true)
              .appId("i")
              .key("k")
              .secret("s")
              .build();
      Tally.Totals totals =
          new Siege(nowhere, null).run(AttackCatalog.kind("storm"), SOCKETS, SHORT_NS);
      assertThat(totals.connections()).isZero();
      assertThat(totals.answers()).containsKey("connect refused");
    }
  }

  @Test
  void textsCollide() {
    List<String> texts =
        Stream.iterate(0, i -> i + 1)
            .limit(Collision.COUNT)
            .map(i -> Collision.text("c-", i))
            .toList();
    assertThat(texts).doesNotHaveDuplicates();
    assertThat(texts.stream().map(String::hashCode).distinct()).hasSize(1);
    assertThat(texts.getFirst()).hasSize(32);
  }

  @Test
  void bombsInflateAThousandfold() throws java.util.zip.DataFormatException {
    byte[] bomb = CompressionBombs.bomb();
    assertThat(bomb).hasSizeLessThan(260);
    java.util.zip.Inflater inflater = new java.util.zip.Inflater(true);
    try {
      inflater.setInput(bomb);
      byte[] text = new byte[200_000];
      assertThat(inflater.inflate(text)).isEqualTo(130_000);
      assertThat(new String(text, java.nio.charset.StandardCharsets.US_ASCII))
          .startsWith("{\"event\":\"pusher:ping\",\"data\":{} ");
    } finally {
      inflater.end();
    }
  }

  @Test
  void queriesFitIntoARequestLine() {
    assertThat(ExpensiveQueries.request("app-id").length).isBetween(15_000, 16_384);
  }

  @Test
  void totalsSurviveTheirLine() {
    Tally tally = new Tally();
    tally.connected();
    tally.sent(3);
    tally.answered("HTTP 401");
    tally.answered("close 4100");
    tally.answered("HTTP 401");
    Tally.Totals totals = Tally.Totals.parse(tally.totals().line());
    assertThat(totals).isEqualTo(tally.totals());
    assertThat(totals.text()).isEqualTo("HTTP 401 × 2, close 4100 × 1");
    assertThat(totals.sends()).isEqualTo(3);
  }

  @Test
  void inventedAnswersAreCountedTogether() {
    Tally tally = new Tally();
    for (int i = 0; i < 200; i++) {
      tally.answered("close " + i);
    }
    assertThat(tally.totals().answers()).hasSize(65).containsEntry("other", 136L);
  }
}
