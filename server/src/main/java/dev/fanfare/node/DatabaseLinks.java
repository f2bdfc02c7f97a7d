package dev.fanfare.node;

import dev.fanfare.app.App;
import dev.fanfare.app.CurrentApps;
import dev.fanfare.observe.NanoClock;
import dev.fanfare.observe.Readiness.Cause;
import dev.fanfare.sql.AppDatabase;
import dev.fanfare.sql.StoredApps;
import dev.fanfare.webhook.Webhooks;
import dev.fanfare.webhook.outbox.Outbox;
import dev.fanfare.webhook.outbox.Presence;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Connects apps in a database with the server that uses them.
///
/// @param reload replaces the apps in memory
record DatabaseLinks(Consumer<List<App>> reload, Core core, Outbox outbox, Webhooks webhooks)
    implements StoredApps.Links {

  private static final int SLICE = 1_000;

  /// The apps of a database, with those that are needed from the start on; null if the
  /// configuration has the apps.
  static @Nullable StoredApps open(
      AppDatabase database, CurrentApps apps, NanoClock clock, Outbox outbox) {
    return database.isOn() ? StoredApps.open(database, apps, clock, needed(outbox)) : null;
  }

  /// The apps that have webhooks to send from the start on, by id: undelivered ones, and those of
  /// channels and members that may not come back.
  private static Set<String> needed(Outbox outbox) {
    Set<String> ids = withWebhooks(outbox);
    List<Presence> some = outbox.unconfirmed(null, SLICE);
    while (!some.isEmpty()) {
      some.forEach(presence -> ids.add(presence.appId()));
      some = outbox.unconfirmed(some.getLast(), SLICE);
    }
    return ids;
  }

  /// The apps with undelivered webhooks, by id.
  private static Set<String> withWebhooks(Outbox outbox) {
    Set<String> ids = new HashSet<>();
    outbox
        .pendingByTarget()
        .forEach((target, count) -> {
          if (count > 0) {
            ids.add(target.appId());
          }
        });
    return ids;
  }

  @Override
  public void apply(List<App> apps) {
    reload.accept(apps);
  }

  @Override
  public Set<String> inUse(Collection<App> apps) {
    Set<String> ids = withWebhooks(outbox);
    for (App app : apps) {
      if (core.sessions().count(app) > 0 || hasChannels(app)) {
        ids.add(app.id());
      }
    }
    return ids;
  }

  /// Of any node.
  private boolean hasChannels(App app) {
    AtomicBoolean isOne = new AtomicBoolean();
    core.channels().forEachOccupied(app, _ -> isOne.set(true));
    return isOne.get();
  }

  @Override
  public void away(boolean hasAnswered) {
    if (hasAnswered) {
      core.readiness()
          .note(
              Cause.APPS,
              List.of("degraded: the database of apps does not answer, those in memory work"));
    } else {
      core.readiness().discourage(Cause.APPS, "The database of apps has not answered yet");
    }
  }

  @Override
  public void here() {
    core.readiness().note(Cause.APPS, List.of());
    core.readiness().allow(Cause.APPS);
  }

  /// Sends what has waited for its app.
  @Override
  public void loaded() {
    webhooks.appsChanged();
  }
}
