package dev.fanfare.webhook.disk;

import dev.fanfare.observe.Component;
import dev.fanfare.observe.NanoClock;
import dev.fanfare.protocol.Parsed;
import dev.fanfare.webhook.outbox.Outbox.Counts;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/// Logs that the disk of an outbox fails or works again, at most once a minute. Guarded by the
/// outbox's lock.
final class DiskFailureLog {

  private static final Logger log = Component.WEBHOOKS.logger();

  private static final long LOG_NS = TimeUnit.MINUTES.toNanos(1);

  private final Path file;
  private final NanoClock clock;
  private boolean loggedDurable = true;
  private @Nullable Long loggedAtNs;

  DiskFailureLog(Path file, NanoClock clock) {
    this.file = file;
    this.clock = clock;
  }

  /// Logs the current state, if that is due.
  ///
  /// @param disk whether it works
  /// @param retryNs how often the disk is tried again
  void log(Parsed<Parsed.Passed> disk, Counts counts, long retryNs) {
    long nowNs = clock.nanoTime();
    boolean due = loggedAtNs == null || nowNs - loggedAtNs >= LOG_NS;
    if (!due || (disk instanceof Parsed.Ok && loggedDurable)) {
      return;
    }
    switch (disk) {
      case Parsed.Ok<Parsed.Passed> _ ->
          log.info("webhooks are written to {} again, including those it missed", file);
      case Parsed.Bad<Parsed.Passed> bad ->
          log.error(
              "cannot write webhooks to {}: {}. {} pending webhooks and {} dead letters are in"
                  + " memory only and will be lost when this process stops; retrying the disk"
                  + " every {} s",
              file,
              bad.reason(),
              counts.pending(),
              counts.deadLetters(),
              TimeUnit.NANOSECONDS.toSeconds(retryNs));
    }
    loggedDurable = disk instanceof Parsed.Ok;
    loggedAtNs = nowNs;
  }
}
