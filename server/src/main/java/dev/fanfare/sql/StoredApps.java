package dev.fanfare.sql;

import dev.fanfare.app.App;
import dev.fanfare.app.AppStore;
import dev.fanfare.app.Apps;
import dev.fanfare.app.CurrentApps;
import dev.fanfare.app.DirectoryState;
import dev.fanfare.observe.Component;
import dev.fanfare.observe.NanoClock;
import dev.fanfare.observe.Vital;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/// The apps of a server that are in a database, and the thread that reads them. Any thread.
public final class StoredApps implements AutoCloseable {

  private static final Logger log = Component.APPS.logger();

  private static final long PATIENCE_MS = 5_000;

  /// The server that uses the apps. Called by the thread that reads them.
  public interface Links {

    /// Replaces the apps, as a reload does.
    void apply(List<App> apps);

    /// Of some apps, the ids of those that must stay in memory.
    Set<String> inUse(Collection<App> apps);

    /// The database has not answered.
    ///
    /// @param hasAnswered false if it never has
    void away(boolean hasAnswered);

    /// The database answers, again or for the first time.
    void here();

    /// The apps that are needed from the start on were read later than that.
    void loaded();
  }

  private final CurrentApps current;
  private final DatabaseOptions options;
  private final Directory directory;
  private final AppStore store;

  /// Null if the table has no trigger that notifies.
  private final @Nullable Notifications notifications;

  private final Vital vital;
  private final Thread thread;

  /// Null until the server is complete.
  private volatile @Nullable Links links;

  private volatile boolean isClosed;
  private volatile boolean wasAway;

  private StoredApps(AppDatabase database, JdbcTable table, CurrentApps current, NanoClock clock) {
    this.current = current;
    this.options = database.options();
    this.vital = new Vital("fanfare-apps", clock);
    this.thread =
        Thread.ofVirtual().name("fanfare-apps").unstarted(() -> vital.keepAlive(this::run));
    Readings readings = new Readings(database.form(), clock);
    this.directory =
        new Directory(
            current,
            table,
            readings,
            clock,
            new Usage(this::inUse),
            new ToLinks(),
            options.cachedApps(),
            () -> LockSupport.unpark(thread));
    this.store = new JdbcStore(table, database.form(), directory::changed);
    boolean notifies =
        options.kind() == DatabaseOptions.Kind.POSTGRES
            && options.form() == DatabaseOptions.Form.FANFARE;
    this.notifications =
        notifies
            ? new Notifications(
                options,
                () -> {
                  var _ = directory.changed();
                })
            : null;
  }

  /// Reads the apps with these ids, which are needed from the start on, and applies them to
  /// `current`. Blocks for some seconds if the database is away; they are then read later.
  public static StoredApps open(
      AppDatabase database, CurrentApps current, NanoClock clock, Collection<String> ids) {
    JdbcTable table = new JdbcTable(database.options());
    StoredApps stored = new StoredApps(database, table, current, clock);
    log.info("apps are read from {}", database.options().address());
    current.setLoaded(ids.isEmpty());
    stored.directory.load(ids);
    return stored;
  }

  /// Looks up apps in memory and then in the database.
  public Apps lookups() {
    return directory;
  }

  /// Where operators change the apps.
  public AppStore store() {
    return store;
  }

  /// Starts to answer look-ups and to follow changes.
  public void start(Links to) {
    links = to;
    thread.start();
    if (notifications != null) {
      notifications.start();
    }
  }

  /// The pulse of the thread.
  public Vital vital() {
    return vital;
  }

  /// The newest state.
  public DirectoryState state() {
    return directory.state();
  }

  private void run() {
    while (!isClosed) {
      vital.busy();
      long waitNs = directory.turn();
      vital.idle();
      if (waitNs > 0 && !isClosed) {
        LockSupport.parkNanos(waitNs);
      }
    }
  }

  private Set<String> inUse(Collection<App> apps) {
    Links server = links;
    return server == null ? Set.of() : server.inUse(apps);
  }

  /// What the directory reports, to the server and to the log.
  private final class ToLinks implements Directory.Outside {

    @Override
    public void apply(List<App> apps) {
      Links server = links;
      if (server == null) {
        current.replace(apps);
      } else {
        server.apply(apps);
      }
    }

    @Override
    public void away(String reason, boolean hasAnswered) {
      if (!wasAway) {
        String consequence =
            hasAnswered ? "apps in memory keep working" : "no app is known until it does";
        log.warn(
            "the database of apps does not answer, {}: {} ({})",
            consequence,
            reason,
            options.address());
      }
      wasAway = true;
      Links server = links;
      if (server != null) {
        server.away(hasAnswered);
      }
    }

    @Override
    public void here() {
      if (wasAway) {
        log.info("the database of apps answers again");
      }
      wasAway = false;
      Links server = links;
      if (server != null) {
        server.here();
      }
    }

    @Override
    public void loaded() {
      current.setLoaded(true);
      Links server = links;
      if (server != null) {
        server.loaded();
      }
    }
  }

  /// Answers whatever still waits, and ends the connections.
  @Override
  public void close() {
    isClosed = true;
    LockSupport.unpark(thread);
    if (notifications != null) {
      notifications.close();
    }
    directory.close();
    try {
      thread.join(PATIENCE_MS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
