package dev.fanfare.testing;

import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.awaitility.Awaitility;

/// A database server, with a user who may do everything. All methods block.
public interface SqlProcess extends AutoCloseable {

  String USER = "fanfare";
  String PASSWORD = "not-shown";
  String DATABASE = "fanfare";

  /// Something that fails until the server is complete.
  interface Attempt {
    void run() throws IOException, SQLException;
  }

  /// Tries until it does not fail.
  static void awaiting(Attempt attempt) {
    Awaitility.await()
        .atMost(Duration.ofSeconds(60))
        .pollInterval(Duration.ofMillis(100))
        .ignoreExceptions()
        .until(() -> {
          attempt.run();
          return true;
        });
  }

  /// As `apps_from` names it.
  String kind();

  /// For the driver.
  String url(String database);

  /// To kill it, stop it and so on; [#restart] is better than its own.
  EngineProcess process();

  /// Starts it again with all it had, and waits until it answers.
  void restart();

  default int port() {
    return process().port();
  }

  /// Executes statements in `fanfare`.
  default void execute(String... statements) {
    try {
      for (String each : statements) {
        executeIn(DATABASE, each);
      }
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  default void executeIn(String database, String sql) throws SQLException {
    try (Connection connection = DriverManager.getConnection(url(database), USER, PASSWORD);
        Statement statement = connection.createStatement()) {
      boolean _ = statement.execute(sql);
    }
  }

  /// The last column of the first row.
  default String ask(String sql) {
    try (Connection connection = DriverManager.getConnection(url(DATABASE), USER, PASSWORD);
        Statement statement = connection.createStatement();
        ResultSet results = statement.executeQuery(sql)) {
      if (!results.next()) {
        throw new AssertionError("no row: " + sql);
      }
      return results.getString(results.getMetaData().getColumnCount());
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  void close() throws IOException;
}
