package dev.fanfare.sql;

import static org.awaitility.Awaitility.await;

import dev.fanfare.app.Secret;
import dev.fanfare.testing.PostgresProcess;
import dev.fanfare.testing.SqlProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The contract over PostgreSQL, which notifies of changes.
final class FanfareTableInPostgresTest extends FanfareTableContract {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir static Path folder;
  private static PostgresProcess postgres;

  @BeforeAll
  static void startPostgres() throws IOException {
    postgres = PostgresProcess.start(folder);
  }

  @AfterAll
  static void stopPostgres() throws IOException {
    postgres.close();
  }

  @Override
  SqlProcess database() {
    return postgres;
  }

  @Test
  void eachChangeIsNotifiedAlsoAfterAnOutage() {
    DatabaseOptions options =
        DatabaseOptions.NONE
            .withKind(DatabaseOptions.Kind.POSTGRES)
            .withPort(postgres.port())
            .withPassword(new Secret(SqlProcess.PASSWORD));
    AtomicInteger changes = new AtomicInteger();
    try (Notifications notifications = new Notifications(options, changes::incrementAndGet)) {
      notifications.start();
      await().atMost(PATIENCE).until(() -> changes.get() == 1); // it listens
      postgres.execute("NOTIFY fanfare_apps, '1'");
      await().atMost(PATIENCE).until(() -> changes.get() == 2);
      postgres.process().kill();
      postgres.restart();
      await().atMost(PATIENCE).until(() -> changes.get() == 3);
      postgres.execute("NOTIFY fanfare_apps, '1'");
      await().atMost(PATIENCE).until(() -> changes.get() == 4);
    }
  }
}
