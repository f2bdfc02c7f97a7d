package dev.fanfare.sql;

import dev.fanfare.observe.Component;
import dev.fanfare.observe.HeapExhaustion;
import java.lang.reflect.Array;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/// Listens for changes of Fanfare's table in PostgreSQL, on a separate connection: `NOTIFY` of a
/// trigger. What is missed while there is no connection is found by the next reading of all apps.
final class Notifications implements AutoCloseable {

  private static final Logger log = Component.APPS.logger();

  private static final String CHANNEL = "fanfare_apps";

  /// Not compiled against: its annotations are in a library that is needed for nothing else.
  private static final String DRIVERS_OWN = "org.postgresql.PGConnection";

  private static final int PATIENCE_MS = 1_000;
  private static final long RETRY_NS = TimeUnit.SECONDS.toNanos(2);

  private final DatabaseOptions options;
  private final Runnable onChange;
  private final Thread thread;
  private volatile boolean isClosed;

  /// @param onChange called after something has changed; must be quick
  Notifications(DatabaseOptions options, Runnable onChange) {
    this.options = options;
    this.onChange = onChange;
    this.thread = Thread.ofVirtual().name("fanfare-listen").unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  private void run() {
    while (!isClosed) {
      try {
        listen();
      } catch (SQLException e) {
        log.debug("no notifications from the database", e);
      } catch (RuntimeException | Error e) {
        HeapExhaustion.exitIf(e);
        log.error("notifications from the database failed, will retry", e);
      }
      if (!isClosed) {
        LockSupport.parkNanos(RETRY_NS);
      }
    }
  }

  private void listen() throws SQLException {
    Dialect dialect = Dialect.POSTGRES;
    try (Connection connection =
            DriverManager.getConnection(dialect.url(options), dialect.properties(options));
        Statement statement = connection.createStatement()) {
      boolean _ = statement.execute("LISTEN " + CHANNEL);
      onChange.run(); // it may have changed before
      Class<?> type = Class.forName(DRIVERS_OWN);
      Object postgres = connection.unwrap(type);
      Method wait = type.getMethod("getNotifications", int.class);
      while (!isClosed) {
        if (hasSome(wait.invoke(postgres, PATIENCE_MS))) {
          onChange.run();
        }
      }
    } catch (InvocationTargetException e) {
      throw new SQLException(e.getCause());
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e); // the driver is in the jar
    }
  }

  private static boolean hasSome(@Nullable Object notifications) {
    return notifications != null && Array.getLength(notifications) > 0;
  }

  @Override
  public void close() {
    isClosed = true;
    LockSupport.unpark(thread);
    try {
      thread.join(2L * PATIENCE_MS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
