package dev.fanfare.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fanfare.app.Secret;
import dev.fanfare.testing.MariaDbProcess;
import dev.fanfare.testing.SqlProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The contract over MariaDB.
final class FanfareTableInMariaDbTest extends FanfareTableContract {

  /// How many transactions wait for another.
  private static final String WAITING = "SELECT COUNT(*) FROM information_schema.innodb_lock_waits";

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

  @Test
  void changesAreNumbered() throws Exception {
    createTable();
    String insert = "INSERT INTO fanfare_apps (id, `key`, secret) VALUES ";
    try (JdbcTable table = new JdbcTable(options())) {
      FirstConnection.of(table).close();
      assertThat(table.version()).isZero();
      mariaDb.execute(insert + "('1', 'a', 's'), ('2', 'b', 's')");
      assertThat(table.version()).isEqualTo(2);
      assertThat(table.changed(0, 2)).extracting(AppRow::id).containsExactlyInAnyOrder("1", "2");
      mariaDb.execute("UPDATE fanfare_apps SET secret = 't' WHERE id = '1'");
      assertThat(table.version()).isEqualTo(3);
      assertThat(table.changed(2, 3)).extracting(AppRow::id).containsExactly("1");
      assertThat(table.changed(0, 2)).extracting(AppRow::id).containsExactly("2");
      mariaDb.execute("DELETE FROM fanfare_apps WHERE id = '2'");
      assertThat(table.version()).isEqualTo(4);
      assertThat(table.changed(3, 4)).isEmpty();
      mariaDb.execute("DELETE FROM fanfare_apps_version");
      assertThat(table.version()).isEqualTo(AppTable.UNCOUNTED);
      mariaDb.execute("DROP TABLE fanfare_apps_version");
      assertThat(table.version()).isEqualTo(AppTable.UNCOUNTED);
    }
  }

  /// Otherwise a lower number could become visible after a higher one, and be missed.
  @Test
  void changesBecomeVisibleInTheOrderOfTheirNumbers() throws Exception {
    createTable();
    String insert = "INSERT INTO fanfare_apps (id, `key`, secret) VALUES ";
    try (JdbcTable table = new JdbcTable(options());
        Connection first = FirstConnection.of(table);
        Statement statement = first.createStatement()) {
      first.setAutoCommit(false);
      int _ = statement.executeUpdate(insert + "('1', 'a', 's')");
      Thread second = Thread.startVirtualThread(() -> mariaDb.execute(insert + "('2', 'b', 's')"));
      await().atMost(Duration.ofSeconds(60)).until(() -> mariaDb.ask(WAITING).equals("1"));
      assertThat(table.version()).isZero();
      first.commit();
      second.join();
      assertThat(table.version()).isEqualTo(2);
      assertThat(table.changed(0, 1)).extracting(AppRow::id).containsExactly("1");
      assertThat(table.changed(1, 2)).extracting(AppRow::id).containsExactly("2");
    }
  }

  private static DatabaseOptions options() {
    return DatabaseOptions.NONE
        .withKind(DatabaseOptions.Kind.MYSQL)
        .withPort(mariaDb.port())
        .withPassword(new Secret(SqlProcess.PASSWORD));
  }
}
