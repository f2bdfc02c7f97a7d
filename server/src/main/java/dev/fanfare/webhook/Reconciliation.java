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
  private final Consumer<List<Fact>> due;
  private final long startNs;
  private final long delayNs;
  private @Nullable Presence last;
  private long departures;
  private boolean isDone;

  /// @param delayNs how long clients have to come back, nanoseconds
  /// @param due accepts the departures
  Reconciliation(
      Apps apps,
      Outbox outbox,
      NanoClock clock,
      InstantSource wall,
      long delayNs,
      Consumer<List<Fact>> due) {
    this.apps = apps;
    this.outbox = outbox;
    this.clock = clock;
    this.wall = wall;
    this.delayNs = delayNs;
    this.due = due;
    this.startNs = clock.nanoTime();
    this.isDone = !outbox.isOnDisk() || outbox.unconfirmed(null, 1).isEmpty();
  }

  /// True if there is nothing to report any more.
  boolean isDone() {
    return isDone;
  }

  /// Reports some departures if it is time. Called again and again, while no arrival is waiting.
  void step() {
    long nowNs = clock.nanoTime();
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
    departures += absent.size();
    List<Fact> facts = new ArrayList<>();
    List<Presence> forgotten = new ArrayList<>();
    for (Presence gone : absent) {
      App app = apps.known(gone.appId());
      if (app == null) {
        forgotten.add(gone);
      } else {
        facts.add(new Fact(app, gone.departure(), wall.millis(), nowNs));
      }
    }
    var _ = outbox.accept(List.of(), forgotten);
    due.accept(facts);
  }
}
