package dev.fanfare.sql;

import dev.fanfare.testing.MariaDbProcess;
import dev.fanfare.testing.SqlProcess;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/// The contract over MariaDB.
final class FanfareTableInMariaDbTest extends FanfareTableContract {

  @TempDir static Path folder;
  private static MariaDbProcess mariaDb;

  @BeforeAll
  static void startMariaDb() throws IOException {
    mariaDb = MariaDbProcess.start(folder);
  }

  @AfterAll
  static void stopMariaDb() {
    mariaDb.close();
  }

  @Override
  SqlProcess database() {
    return mariaDb;
  }
}
