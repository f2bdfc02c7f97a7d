package dev.fanfare.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.app.App;
import dev.fanfare.app.WebhookEndpoint;
import dev.fanfare.budget.Share;
import dev.fanfare.console.row.AttemptLog;
import dev.fanfare.observe.Observation;
import dev.fanfare.testing.ManualClock;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Requests to endpoints of webhooks are remembered up to a number and within the memory.
final class AttemptLogTest {

  private static final App APP =
      ConsoleNode.APP.withWebhooks(
          List.of(WebhookEndpoint.at("http://a/"), WebhookEndpoint.at("http://b/")));

  private final ManualClock clock = new ManualClock();
  private final Share share = new Share("console", "", 1 << 20);
  private final AttemptLog log = new AttemptLog(share, clock::instant);

  private static Observation.WebhookAttempted attempt(String endpoint, int status, String failure) {
    return new Observation.WebhookAttempted(
        "1234",
        endpoint,
        "a",
        List.of("{\"name\":\"x\"}", "{\"name\":\"x\"}", "{\"name\":\"y\"}", "{}", "no"),
        new Observation.WebhookAnswer(status, 38, failure));
  }

  @Test
  void theLastOnesAreKept() {
    for (int i = 0; i < AttemptLog.MAX + 50; i++) {
      log.add(attempt("http://a/", 200 + i, ""));
    }
    AttemptLog.Summary summary = log.of(APP, "http://a/");
    assertThat(summary.attempts()).hasSize(AttemptLog.MAX);
    assertThat(summary.attempts().getFirst().answer().status()).isEqualTo(250);
    assertThat(summary.delivered()).isEqualTo(5 * (AttemptLog.MAX + 50));
    assertThat(summary.attempts().getLast().names()).containsExactly("x", "y", "");
  }

  @Test
  void theTimeOfTheNextOneIsKnownUntilOneIsAccepted() {
    log.add(attempt("http://a/", 500, "answered 500"));
    log.add(new Observation.WebhookRetried("1234", "http://a/", 1, "answered 500", 4_000));
    AttemptLog.Summary summary = log.of(APP, "http://a/");
    assertThat(summary.nextTryMs()).isEqualTo(clock.instant().toEpochMilli() + 4_000);
    assertThat(summary.delivered()).isZero();
    log.add(attempt("http://a/", 204, ""));
    assertThat(log.of(APP, "http://a/").nextTryMs()).isZero();
  }

  /// No endpoint takes the memory of another one, or more than there is.
  @Test
  void theMemoryHasALimit() {
    Share small = new Share("console", "", 2_000);
    AttemptLog bounded = new AttemptLog(small, clock::instant);
    for (int i = 0; i < 20; i++) {
      bounded.add(attempt("http://a/", 500, "x".repeat(100)));
      assertThat(small.used()).isLessThanOrEqualTo(2_000);
    }
    int kept = bounded.of(APP, "http://a/").attempts().size();
    assertThat(kept).isEqualTo(3);
    bounded.add(attempt("http://b/", 500, "x".repeat(100)));
    assertThat(bounded.of(APP, "http://b/").attempts()).isEmpty();
    assertThat(bounded.of(APP, "http://a/").attempts()).hasSize(kept);
    bounded.retain(List.of());
    assertThat(small.used()).isZero();
  }

  @Test
  void anEndpointThatIsGoneIsForgotten() {
    log.add(attempt("http://a/", 200, ""));
    log.add(attempt("http://b/", 200, ""));
    log.retain(List.of(APP.withWebhooks(List.of(WebhookEndpoint.at("http://b/")))));
    assertThat(log.of(APP, "http://a/").attempts()).isEmpty();
    assertThat(log.of(APP, "http://b/").attempts()).hasSize(1);
  }
}
