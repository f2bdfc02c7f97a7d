package dev.fanfare.observe;

import dev.fanfare.app.App;
import dev.fanfare.protocol.CloseCode;
import java.util.Collection;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One log line for everything that was refused or got lost, with the reason. Rate-limited, so that
/// a flood of refusals cannot fill a disk: what is left out is counted and told with the next line.
public final class RefusalLog implements ServerListener {

  private static final Logger log = LoggerFactory.getLogger("dev.fanfare.refused");

  /// Lines of a burst, and lines per second after it.
  private static final int LINES_PER_SECOND = 20;

  private static final int MAX_CHARS = 2_000;
  private static final int MAX_CHANNEL_CHARS = 300;

  private final NanoClock clock;
  private volatile SecretMask mask;
  private final AtomicLong forgottenSignatures = new AtomicLong();

  // Guarded by this: refusals are rare beside deliveries, and a line is written outside the lock.
  private double allowance = LINES_PER_SECOND;
  private long countedAtNs;
  private long leftOut;

  /// @param mask hides what must not be in a log, whoever sent it
  public RefusalLog(NanoClock clock, SecretMask mask) {
    this.clock = clock;
    this.mask = mask;
    this.countedAtNs = clock.nanoTime();
  }

  /// Hides the secrets of these apps too, from the next line on. Called by one thread at a time.
  public void hide(Collection<App> apps) {
    mask = mask.and(apps);
  }

  @Override
  public void connectionRefused(String key, String remote, CloseCode code, String reason) {
    line("connection from " + remote + " refused, " + code.code() + ": " + reason);
  }

  @Override
  public void socketRefused(String remote, String reason) {
    line("socket of " + remote + " closed: " + reason);
  }

  @Override
  public void connectionClosed(App app, String socketId, int code, String reason) {
    if (code >= 4000) {
      line("app " + app.id() + ", connection " + socketId + " closed, " + code + ": " + reason);
    }
  }

  @Override
  public void subscriptionRefused(App app, String channel, String socketId, String reason) {
    line(
        "app "
            + app.id()
            + ", connection "
            + socketId
            + ": subscription to "
            + cut(channel)
            + " refused: "
            + reason);
  }

  @Override
  public void messageRefused(App app, String socketId, String reason) {
    line("app " + app.id() + ", connection " + socketId + ": message refused: " + reason);
  }

  @Override
  public void eventsDropped(App app, String socketId, int events) {
    line(
        "app "
            + app.id()
            + ", connection "
            + socketId
            + " reads too slowly and missed "
            + count(events));
  }

  @Override
  public void requestRefused(String method, String path, int status, String reason) {
    line("request " + method + " " + path + " refused, " + status + ": " + reason);
  }

  /// Not a refusal, but one that may be missing: never left out, for it comes once in many
  /// requests.
  @Override
  public void signaturesForgotten(App app, int signatures) {
    log.warn(
        "app {} makes more requests than replay_protection can remember: {} signatures, and {} in"
            + " all so far, were forgotten while they could still be used again",
        app.id(),
        signatures,
        forgottenSignatures.addAndGet(signatures));
  }

  @Override
  public void webhookRetried(String appId, String endpoint, int attempts, String reason) {
    line(webhooks(appId, endpoint) + ", attempt " + attempts + ": " + reason);
  }

  @Override
  public void webhookDead(String appId, String endpoint, int events, String reason) {
    line(webhooks(appId, endpoint) + ": " + count(events) + " given up: " + reason);
  }

  @Override
  public void webhookDropped(String appId, @Nullable String endpoint, int events, String reason) {
    line(webhooks(appId, endpoint) + ": " + count(events) + " dropped: " + reason);
  }

  /// Some receivers are known by a secret in the query.
  private static String webhooks(String appId, @Nullable String endpoint) {
    String to = endpoint == null ? "" : " to " + endpoint.replaceFirst("\\?.*", "?…");
    return "app " + appId + ", webhooks" + to;
  }

  /// Clients choose the name; the reason after it must stay within the line.
  private static String cut(String channel) {
    return channel.length() <= MAX_CHANNEL_CHARS
        ? channel
        : channel.substring(0, MAX_CHANNEL_CHARS) + "…";
  }

  private static String count(int events) {
    return events + (events == 1 ? " event" : " events");
  }

  private void line(String text) {
    long before = take();
    if (before < 0) {
      return;
    }
    if (before > 0) {
      log.warn("{} more refusals were not logged", before);
    }
    // Strangers choose parts of the text: it stays one line of bearable length.
    String clean = mask.mask(text, MAX_CHARS).replaceAll("\\p{Cntrl}", " ");
    log.info(text.length() > MAX_CHARS ? clean + "…" : clean);
  }

  /// How many lines were left out before this one, or -1 if this one must be left out too.
  private synchronized long take() {
    long nowNs = clock.nanoTime();
    double earned = (double) (nowNs - countedAtNs) * LINES_PER_SECOND / TimeUnit.SECONDS.toNanos(1);
    allowance = Math.min(LINES_PER_SECOND, allowance + earned);
    countedAtNs = nowNs;
    if (allowance < 1) {
      leftOut++;
      return -1;
    }
    allowance--;
    long before = leftOut;
    leftOut = 0;
    return before;
  }
}
