package dev.fanfare.sql;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.fanfare.observe.Component;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.slf4j.Logger;

/// The table over JDBC, with a bounded pool of connections.
final class JdbcTable implements AppTable {

  private static final Logger log = Component.APPS.logger();

  /// The class of errors about tables that are not there or not allowed.
  private static final String SYNTAX_OR_ACCESS = "42";

  private static final long CONNECTION_MS = 2_500;
  private static final long VALIDATION_MS = 1_000;
  private static final long LIFE_MS = 600_000;
  private static final long IDLE_MS = 120_000;

  private final DatabaseOptions options;
  private final Dialect dialect;
  private final HikariDataSource pool;

  /// False if the counter could not be read. Confined to the directory's thread.
  private boolean wasCounted = true;

  /// Connects to nothing yet.
  JdbcTable(DatabaseOptions options) {
    this.options = options;
    this.dialect = Dialect.of(options.kind());
    HikariConfig config = new HikariConfig();
    config.setPoolName("fanfare-database");
    config.setDriverClassName(dialect.driver());
    config.setJdbcUrl(dialect.url(options));
    config.setDataSourceProperties(dialect.properties(options));
    config.setMaximumPoolSize(options.connections());
    config.setMinimumIdle(1);
    config.setConnectionTimeout(CONNECTION_MS);
    config.setValidationTimeout(VALIDATION_MS);
    config.setMaxLifetime(LIFE_MS);
    config.setIdleTimeout(IDLE_MS);
    config.setInitializationFailTimeout(-1); // it may be away at the start
    config.setReadOnly(false);
    config.setThreadFactory(Thread.ofVirtual().name("fanfare-database").factory());
    this.pool = new HikariDataSource(config);
  }

  @Override
  public List<AppRow> find(Collection<String> ids, Collection<String> keys)
      throws DatabaseException {
    if (ids.isEmpty() && keys.isEmpty()) {
      return probe();
    }
    String text = dialect.find(options.effectiveTable(), ids.size(), keys.size());
    try (Connection connection = pool.getConnection();
        PreparedStatement statement = connection.prepareStatement(text)) {
      dialect.bind(statement, ids, keys);
      try (ResultSet results = statement.executeQuery()) {
        return rows(results);
      }
    } catch (SQLException e) {
      throw failure(e);
    }
  }

  @Override
  public boolean isCounted() {
    return options.kind() == DatabaseOptions.Kind.MYSQL
        && options.form() == DatabaseOptions.Form.FANFARE;
  }

  /// Its trigger locks the counter until the change is committed, so that changes become visible in
  /// the order of their numbers.
  @Override
  public long version() throws DatabaseException {
    String text = "SELECT version FROM " + dialect.quoted(counter());
    try (Connection connection = pool.getConnection();
        PreparedStatement statement = connection.prepareStatement(text);
        ResultSet results = statement.executeQuery()) {
      if (results.next()) {
        wasCounted = true;
        return results.getLong(1);
      }
      return uncounted("it is empty");
    } catch (SQLException e) {
      if (!String.valueOf(e.getSQLState()).startsWith(SYNTAX_OR_ACCESS)) {
        throw failure(e);
      }
      return uncounted(String.valueOf(failure(e).getMessage()));
    }
  }

  private String counter() {
    return options.effectiveTable() + "_version";
  }

  private long uncounted(String reason) {
    if (wasCounted) {
      log.warn(
          "the table {} cannot be read, so all apps in use are read every five seconds: {}",
          counter(),
          reason);
    }
    wasCounted = false;
    return UNCOUNTED;
  }

  @Override
  public List<AppRow> changed(long after, long last) throws DatabaseException {
    String table = dialect.quoted(options.effectiveTable());
    String text = "SELECT * FROM " + table + " WHERE version > ? AND version <= ?";
    try (Connection connection = pool.getConnection();
        PreparedStatement statement = connection.prepareStatement(text)) {
      statement.setLong(1, after);
      statement.setLong(2, last);
      try (ResultSet results = statement.executeQuery()) {
        return rows(results);
      }
    } catch (SQLException e) {
      throw failure(e);
    }
  }

  /// Finds out whether the table is there.
  private List<AppRow> probe() throws DatabaseException {
    String text = "SELECT 1 FROM " + dialect.quoted(options.effectiveTable()) + " WHERE 1 = 0";
    try (Connection connection = pool.getConnection();
        PreparedStatement statement = connection.prepareStatement(text);
        ResultSet _ = statement.executeQuery()) {
      return List.of();
    } catch (SQLException e) {
      throw failure(e);
    }
  }

  DatabaseOptions options() {
    return options;
  }

  Dialect dialect() {
    return dialect;
  }

  /// A connection of the pool, to be closed. Blocks.
  Connection connection() throws SQLException {
    return pool.getConnection();
  }

  /// What a query has returned.
  static List<AppRow> rows(ResultSet results) throws SQLException {
    ResultSetMetaData columns = results.getMetaData();
    List<AppRow> rows = new ArrayList<>();
    while (results.next()) {
      Map<String, String> texts = new LinkedHashMap<>();
      for (int i = 1; i <= columns.getColumnCount(); i++) {
        String text = results.getString(i);
        if (text != null) {
          texts.put(columns.getColumnLabel(i).toLowerCase(Locale.ROOT), text);
        }
      }
      rows.add(new AppRow(texts.getOrDefault("id", ""), texts.getOrDefault("key", ""), texts));
    }
    return rows;
  }

  /// What the driver says, and what made it say that, in one line.
  static DatabaseException failure(SQLException e) {
    Throwable cause = e;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    String message = String.valueOf(cause.getMessage());
    return new DatabaseException(message.strip().replaceAll("\\s+", " ").replaceAll("\\.$", ""), e);
  }

  @Override
  public void close() {
    pool.close();
  }
}
