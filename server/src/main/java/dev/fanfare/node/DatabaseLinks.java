package dev.fanfare.node;

import dev.fanfare.app.App;
import dev.fanfare.app.CurrentApps;
import dev.fanfare.observe.NanoClock;
import dev.fanfare.observe.Readiness.Cause;
import dev.fanfare.sql.AppDatabase;
import dev.fanfare.sql.StoredApps;
import dev.fanfare.webhook.outbox.Outbox;
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
record DatabaseLinks(Consumer<List<App>> reload, Core core, Outbox outbox)
    implements StoredApps.Links {

  /// The apps of a database, with those that are needed from the start on; null if the
  /// configuration has the apps.
  static @Nullable StoredApps open(
      AppDatabase database, CurrentApps apps, NanoClock clock, Outbox outbox) {
    return database.isOn() ? StoredApps.open(database, apps, clock, withWebhooks(outbox)) : null;
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
}
