package dev.fanfare.node;

import dev.fanfare.app.Apps;
import dev.fanfare.observe.Readiness;
import dev.fanfare.observe.Readiness.Cause;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Marks the node unready when its configuration has become unusable. What is wrong from the
/// beginning stops the start. Called by housekeeping.
final class Misconfiguration {

  private final Readiness readiness;
  private final @Nullable Apps apps;
  private final Supplier<@Nullable Instant> certificateExpiry;
  private final Supplier<String> certificateWait;
  private final InstantSource wall;

  /// @param apps null if a database has them, so that those in memory are only some
  /// @param certificateExpiry until when the certificate in use is valid; null without one
  /// @param certificateWait what a server without a certificate waits for; empty if for nothing
  Misconfiguration(
      Readiness readiness,
      @Nullable Apps apps,
      Supplier<@Nullable Instant> certificateExpiry,
      Supplier<String> certificateWait,
      InstantSource wall) {
    this.readiness = readiness;
    this.apps = apps;
    this.certificateExpiry = certificateExpiry;
    this.certificateWait = certificateWait;
    this.wall = wall;
  }

  void sweep() {
    if (apps != null) {
      boolean allDisabled = apps.known().stream().noneMatch(app -> app.options().enabled());
      look(Cause.APPS, allDisabled ? "No app is enabled" : "");
    }
    Instant expiry = certificateExpiry.get();
    if (expiry == null) {
      look(Cause.CERTIFICATE, certificateWait.get());
    } else {
      boolean isExpired = !wall.instant().isBefore(expiry);
      look(Cause.CERTIFICATE, isExpired ? "The certificate has expired at " + expiry : "");
    }
  }

  private void look(Cause cause, String problem) {
    if (problem.isEmpty()) {
      readiness.allow(cause);
    } else {
      readiness.discourage(cause, problem);
    }
  }
}
