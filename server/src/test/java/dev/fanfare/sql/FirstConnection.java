package dev.fanfare.sql;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;

/// The first connection to a database, which on a busy machine may take longer than a server waits
/// for one.
final class FirstConnection {

  private static final int ATTEMPTS = 20;

  private FirstConnection() {}

  /// Waits until the database has accepted or refused.
  static Connection of(JdbcTable table) throws SQLException {
    for (int i = 1; ; i++) {
      try {
        return table.connection();
      } catch (SQLTransientConnectionException e) {
        if (i == ATTEMPTS || e.getCause() != null) {
          throw e;
        }
      }
    }
  }
}
