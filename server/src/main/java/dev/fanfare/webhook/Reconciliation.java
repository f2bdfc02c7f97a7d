package dev.fanfare.webhook;

import dev.fanfare.app.App;
import dev.fanfare.app.Apps;
import dev.fanfare.observe.Component;
import dev.fanfare.observe.NanoClock;
import dev.fanfare.webhook.outbox.Fact;
import dev.fanfare.webhook.outbox.Outbox;
import dev.fanfare.webhook.outbox.Presence;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/// Reports the departure of channels and members that webhooks have reported as present before the
/// process was started, and that have not come back: after a crash there is no other sign of it.
/// Clients have some time to come back. Confined to one thread.
final class Reconciliation {

  private static final Logger log = Component.WEBHOOKS.logger();

  /// Departures that are accepted at once.
  private static final int SLICE = 100;

  private final Apps apps;
  private final Outbox outbox;
  private final NanoClock clock;
  private final InstantSource wall;
  private final Predicate<Presence> isPresent;
  private final long delayNs;

  /// Since when clients can come back.
  private long startNs;

  private @Nullable Presence last;
  private long departures;
  private boolean isDone;

  /// @param delayNs how long clients have to come back, nanoseconds
  /// @param isPresent true for what has come back on another node
  Reconciliation(
      Apps apps,
      Outbox outbox,
      NanoClock clock,
      InstantSource wall,
      long delayNs,
      Predicate<Presence> isPresent) {
    this.apps = apps;
    this.outbox = outbox;
    this.clock = clock;
    this.wall = wall;
    this.delayNs = delayNs;
    this.isPresent = isPresent;
    this.startNs = clock.nanoTime();
    this.isDone = !outbox.isOnDisk() || outbox.unconfirmed(null, 1).isEmpty();
  }

  /// True if there is nothing to report any more.
  boolean isDone() {
    return isDone;
  }

  /// Reports some departures if it is time. Called again and again, while no arrival is waiting.
  ///
  /// @param due accepts the departures
  void step(Consumer<Fact> due) {
    long nowNs = clock.nanoTime();
    if (!apps.isLoaded()) {
      startNs = nowNs;
      return;
    }
    if (isDone || nowNs - startNs < delayNs) {
      return;
    }
    List<Presence> absent = outbox.unconfirmed(last, SLICE);
    if (absent.isEmpty()) {
      isDone = true;
      if (departures > 0) {
        log.info(
            "{} channels and members of before the restart did not come back; webhooks report their"
                + " departure",
            departures);
      }
      return;
    }
    last = absent.getLast();
    List<Presence> known = new ArrayList<>();
    for (Presence gone : absent) {
      App app = apps.known(gone.appId());
      if (app == null) {
        departures++;
        known.add(gone);
      } else if (isPresent.test(gone)) {
        known.add(new Presence(gone.appId(), gone.channel(), gone.userId(), true));
      } else {
        departures++;
        due.accept(new Fact(app, gone.departure(), wall.millis(), nowNs));
      }
    }
    var _ = outbox.accept(List.of(), known);
  }
}
