package dev.fanfare.observe;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.fanfare.app.App;
import dev.fanfare.app.AppOptions;
import dev.fanfare.app.Secret;
import dev.fanfare.log.TextLogEncoder;
import dev.fanfare.protocol.CloseCode;
import dev.fanfare.protocol.Limits;
import dev.fanfare.testing.ManualClock;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/// What happens becomes log lines with fields, and a flood of refusals does not fill a disk.
final class ServerLogTest {

  private static final App APP =
      new App("1", "k", new Secret("s"), AppOptions.DEFAULTS, Limits.HOSTED);

  private static String unasked() {
    throw new AssertionError("an address was worked out for a line that is not written");
  }

  private record Client(String socketId, String address) implements Peer {}

  private static final Peer CLIENT = new Client("1.2", "192.0.2.1:5");

  /// A client whose address must not be needed.
  private static final Peer UNSEEN =
      new Peer() {
        @Override
        public String socketId() {
          return "1.2";
        }

        @Override
        public String address() {
          return unasked();
        }
      };

  private final Logger logger = (Logger) LoggerFactory.getLogger("dev.fanfare");
  private final Level before = logger.getLevel();
  private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
  private final ManualClock clock = new ManualClock();
  private final ServerLog log = new ServerLog(clock, SecretMask.of(List.of()));

  @BeforeEach
  void listen() {
    lines.start();
    logger.addAppender(lines);
    logger.setAdditive(false);
    logger.setLevel(Level.INFO);
  }

  @AfterEach
  void stop() {
    logger.detachAppender(lines);
    logger.setAdditive(true);
    logger.setLevel(before);
  }

  /// The lines without their time, as the text log has them.
  private List<String> texts() {
    TextLogEncoder encoder = new TextLogEncoder();
    return lines.list.stream()
        .map(event -> new String(encoder.encode(event), StandardCharsets.UTF_8))
        .map(line -> line.substring(line.indexOf(' ') + 1, line.length() - 1))
        .toList();
  }

  private static RefusedRequest refused(String method, String path, int code, String reason) {
    return new RefusedRequest(method, path, null, code, reason, "192.0.2.9:7");
  }

  @Test
  void aRefusalIsOneLineWithItsReasonAndItsFields() {
    log.on(
        new Observation.ConnectionRefused(
            "k", "127.0.0.1:5", CloseCode.APP_UNKNOWN, "App key k\nnot here"));
    log.on(new Observation.SubscriptionRefused(APP, "private-a", CLIENT, 401, "Invalid signature"));
    log.on(new Observation.MessageRefused(APP, CLIENT, 4301, "too many"));
    log.on(new Observation.MessageRefused(APP, CLIENT, null, "not JSON"));
    log.on(new Observation.ConnectionClosed(APP, CLIENT, 4201, "Pong reply not received"));
    log.on(new Observation.EventsDropped(APP, CLIENT, 2));
    log.on(new Observation.SocketRefused("192.0.2.7:9", "no HTTP"));
    log.on(new RefusedRequest("GET", "/apps/1/channels", "1", 401, "Invalid", "192.0.2.9:7"));
    assertThat(texts())
        .containsExactly(
            "INFO  connections: connection refused: App key k\\nnot here"
                + " key=k code=4001 address=127.0.0.1:5",
            "INFO  channels: subscription refused: Invalid signature"
                + " app=1 socket=1.2 address=192.0.2.1:5 channel=private-a code=401",
            "INFO  connections: message refused: too many"
                + " app=1 socket=1.2 address=192.0.2.1:5 code=4301",
            "INFO  connections: message refused: not JSON app=1 socket=1.2 address=192.0.2.1:5",
            "INFO  connections: connection closed: Pong reply not received"
                + " app=1 socket=1.2 address=192.0.2.1:5 code=4201",
            "INFO  connections: client reads too slowly and missed 2 events"
                + " app=1 socket=1.2 address=192.0.2.1:5",
            "INFO  connections: socket closed before a request: no HTTP address=192.0.2.7:9",
            "INFO  api: GET /apps/1/channels refused: Invalid"
                + " app=1 code=401 address=192.0.2.9:7");
  }

  @Test
  void whatIsNoRefusalIsADebugLine() {
    logger.setLevel(Level.DEBUG);
    everythingOrdinary(CLIENT, () -> "192.0.2.9:7");
    assertThat(texts())
        .containsExactly(
            "DEBUG connections: connected app=1 socket=1.2 address=192.0.2.1:5",
            "DEBUG connections: signed in app=1 socket=1.2 address=192.0.2.1:5 user=7",
            "DEBUG channels: subscribed app=1 socket=1.2 address=192.0.2.1:5 channel=private-a",
            "DEBUG channels: event published"
                + " app=1 channel=private-a event=\"new order\" subscribers=1 address=192.0.2.9:7",
            "DEBUG channels: event published app=1 channel=private-a event=e subscribers=1"
                + " address=192.0.2.9:7 excluded_socket=1.2",
            "DEBUG channels: client event published app=1 socket=1.2 address=192.0.2.1:5"
                + " channel=private-a event=client-e subscribers=1",
            "DEBUG channels: unsubscribed app=1 socket=1.2 address=192.0.2.1:5 channel=private-a",
            "DEBUG connections: connection closed: bye"
                + " app=1 socket=1.2 address=192.0.2.1:5 code=1000",
            "DEBUG webhooks: delivered 2 events, attempt 1"
                + " app=1 endpoint=https://a.example/hook");
  }

  @Test
  void withDebugOffItCostsNotEvenAnAddress() {
    everythingOrdinary(UNSEEN, ServerLogTest::unasked);
    assertThat(lines.list).isEmpty();
    logger.setLevel(Level.WARN);
    log.on(new Observation.SubscriptionRefused(APP, "private-a", UNSEEN, 401, "Invalid signature"));
    assertThat(lines.list).isEmpty();
  }

  private void everythingOrdinary(Peer peer, Supplier<String> publisher) {
    log.on(new Observation.ConnectionOpened(APP, peer));
    log.on(new Observation.SignedIn(APP, peer, "7"));
    log.subscribed(APP, "private-a", peer);
    log.apiEvent(APP, "private-a", "new order", null, 1, publisher);
    log.apiEvent(APP, "private-a", "e", "1.2", 1, publisher);
    log.clientEvent(APP, "private-a", "client-e", peer, 1);
    log.unsubscribed(APP, "private-a", peer);
    log.on(new Observation.ConnectionClosed(APP, peer, 1000, "bye"));
    log.on(new Observation.WebhookDelivered("1", "https://a.example/hook", 2, 1));
  }

  @Test
  void aFloodIsCutAndWhatWasLeftOutIsCounted() {
    for (int i = 0; i < 10_000; i++) {
      log.on(refused("POST", "/apps/1/events", 401, "Unknown auth_key"));
    }
    assertThat(texts()).hasSize(20);
    clock.advance(Duration.ofSeconds(1));
    log.on(refused("GET", "/x", 404, "Unknown path"));
    assertThat(texts().subList(20, 22))
        .containsExactly(
            "WARN  api: 9980 more lines like the next one were left out,"
                + " the limit is 20 per second",
            "INFO  api: GET /x refused: Unknown path code=404 address=192.0.2.9:7");
  }

  @Test
  void aFloodOfRefusalsHidesNoLostWebhook() {
    for (int i = 0; i < 100; i++) {
      log.on(refused("POST", "/apps/1/events", 401, "Unknown auth_key"));
    }
    log.on(new Observation.WebhookDead("1", "https://a.example/hook", 1, "answered 500"));
    assertThat(texts()).last().asString().startsWith("WARN  webhooks: gave up 1 event");
  }

  @Test
  void atDebugLevelNothingIsLeftOut() {
    logger.setLevel(Level.DEBUG);
    for (int i = 0; i < 100; i++) {
      log.on(refused("POST", "/apps/1/events", 401, "Unknown auth_key"));
    }
    assertThat(texts()).hasSize(100);
  }

  @Test
  void messagesAndFieldsHaveABoundedLength() {
    log.on(refused("GET", "/" + "x".repeat(100_000), 404, "Unknown path"));
    log.on(
        new Observation.SubscriptionRefused(
            APP, "y".repeat(100_000), CLIENT, 401, "Invalid channel name"));
    assertThat(texts().getFirst()).hasSizeLessThan(2_100);
    assertThat(texts().getLast()).hasSizeLessThan(500).contains("channel=yyy", "… code=401");
  }

  @Test
  void webhookLinesLeaveOutTheQueryOfTheEndpoint() {
    log.on(new Observation.WebhookAccepted("1", "https://a.example/hook?token=hush"));
    log.on(new Observation.WebhookDelivered("1", "https://a.example/hook?token=hush", 2, 1));
    log.on(
        new Observation.WebhookRetried(
            "1", "https://a.example/hook?token=hush", 3, "answered 500", 4_000));
    log.on(new Observation.WebhookDead("1", "https://a.example/hook", 1, "answered 500"));
    log.on(new Observation.WebhookDropped("1", null, 2, "too many wait"));
    assertThat(texts())
        .containsExactly(
            "INFO  webhooks: attempt 3 failed: answered 500"
                + " app=1 endpoint=https://a.example/hook?…",
            "WARN  webhooks: gave up 1 event: answered 500 app=1 endpoint=https://a.example/hook",
            "WARN  webhooks: dropped 2 events: too many wait app=1");
  }

  @Test
  void forgottenSignaturesAreCountedAndNeverLeftOut() {
    for (int i = 0; i < 30; i++) {
      log.on(new Observation.SignaturesForgotten(APP, 100));
    }
    assertThat(texts())
        .hasSize(30)
        .last()
        .asString()
        .isEqualTo(
            "WARN  api: replay_protection cannot remember that many requests: 100 signatures,"
                + " 3000 in all so far, were forgotten while they could still be used again"
                + " app=1");
  }
}
