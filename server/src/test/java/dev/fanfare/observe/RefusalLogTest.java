package dev.fanfare.observe;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.fanfare.app.App;
import dev.fanfare.app.AppOptions;
import dev.fanfare.app.Secret;
import dev.fanfare.protocol.CloseCode;
import dev.fanfare.protocol.Limits;
import dev.fanfare.testing.ManualClock;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/// Refusals become log lines, and a flood of them does not fill a disk.
final class RefusalLogTest {

  private final Logger logger = (Logger) LoggerFactory.getLogger("dev.fanfare.refused");
  private final Level before = logger.getLevel();
  private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
  private final ManualClock clock = new ManualClock();
  private final RefusalLog log = new RefusalLog(clock, SecretMask.of(List.of()));

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

  @Test
  void aRefusalIsOneLineWithItsReason() {
    log.connectionRefused("k", "127.0.0.1:5", CloseCode.APP_UNKNOWN, "App key k\nnot here");
    assertThat(texts())
        .containsExactly("connection from 127.0.0.1:5 refused, 4001: App key k not here");
  }

  @Test
  void aFloodIsCutAndWhatWasLeftOutIsCounted() {
    for (int i = 0; i < 10_000; i++) {
      log.requestRefused("POST", "/apps/1/events", 401, "Unknown auth_key");
    }
    assertThat(texts()).hasSize(20);
    clock.advance(Duration.ofSeconds(1));
    log.requestRefused("GET", "/x", 404, "Unknown path");
    assertThat(texts().subList(20, 22))
        .containsExactly(
            "9980 more refusals were not logged", "request GET /x refused, 404: Unknown path");
  }

  @Test
  void aLineHasABearableLength() {
    log.requestRefused("GET", "/" + "x".repeat(100_000), 404, "Unknown path");
    assertThat(texts().getFirst()).hasSizeLessThan(2_100);
  }

  @Test
  void webhooksThatDoNotArriveAreToldWithoutTheQueryOfTheirAddress() {
    log.webhookAccepted("1", "https://a.example/hook?token=hush");
    log.webhookDelivered("1", "https://a.example/hook?token=hush", 2, 1);
    log.webhookRetried("1", "https://a.example/hook?token=hush", 3, "answered 500");
    log.webhookDead("1", "https://a.example/hook", 1, "answered 500");
    log.webhookDropped("1", null, 2, "too many wait");
    assertThat(texts())
        .containsExactly(
            "app 1, webhooks to https://a.example/hook?…, attempt 3: answered 500",
            "app 1, webhooks to https://a.example/hook: 1 event given up: answered 500",
            "app 1, webhooks: 2 events dropped: too many wait");
  }

  private List<String> texts() {
    return lines.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
  }

  @Test
  void forgottenSignaturesAreCountedAndNeverLeftOut() {
    App app = new App("1", "k", new Secret("s"), AppOptions.DEFAULTS, Limits.HOSTED);
    for (int i = 0; i < 30; i++) {
      log.signaturesForgotten(app, 100);
    }
    assertThat(texts())
        .hasSize(30)
        .last()
        .asString()
        .isEqualTo(
            "app 1 makes more requests than replay_protection can remember: 100 signatures,"
                + " and 3000 in all so far, were forgotten while they could still be used again");
  }
}
