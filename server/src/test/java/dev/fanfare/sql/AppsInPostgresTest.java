package dev.fanfare.sql;

import dev.fanfare.testing.PostgresProcess;
import dev.fanfare.testing.SqlProcess;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/// The contract over PostgreSQL.
final class AppsInPostgresTest extends AppsInDatabaseContract {

  @TempDir static Path folder;
  private static PostgresProcess postgres;

  @BeforeAll
  static void startPostgres() throws IOException {
    postgres = PostgresProcess.start(folder);
    postgres.execute("CREATE EXTENSION pg_stat_statements");
  }

  @AfterAll
  static void stopPostgres() throws IOException {
    postgres.close();
  }

  @Override
  SqlProcess database() {
    return postgres;
  }

  @Override
  long selects() {
    return Long.parseLong(
        postgres.ask(
            "SELECT coalesce(sum(calls), 0) FROM pg_stat_statements WHERE query LIKE '%apps%'"));
  }
}
