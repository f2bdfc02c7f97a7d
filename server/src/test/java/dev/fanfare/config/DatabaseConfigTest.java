package dev.fanfare.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.app.Secret;
import dev.fanfare.sql.DatabaseOptions;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// `apps_from` and `database`, by our names and soketi's.
final class DatabaseConfigTest {

  private static final Secret PASSWORD = new Secret("not-shown");

  @TempDir Path directory;
  private Given given;

  @BeforeEach
  void startEmpty() {
    given = new Given(directory);
  }

  private DatabaseOptions options() {
    return given.config().database();
  }

  @Test
  void aFileNamesTheDatabase() {
    given.file(
        given.write(
            "fanfare.yaml",
            """
            database:
              host: db.internal
              port: 5433
              name: live
              user: reader
              password: not-shown
              table: public.tenants
              form: soketi
              tls: verify
              connections: 4
              cached_apps: 500
            apps_from: postgres
            """));
    assertThat(options())
        .isEqualTo(
            DatabaseOptions.NONE
                .withKind(DatabaseOptions.Kind.POSTGRES)
                .withHost("db.internal")
                .withPort(5433)
                .withName("live")
                .withUser("reader")
                .withPassword(PASSWORD)
                .withTable("public.tenants")
                .withForm(DatabaseOptions.Form.SOKETI)
                .withTls(DatabaseOptions.Tls.VERIFY)
                .withConnections(4)
                .withCachedApps(500));
    assertThat(given.printed())
        .contains("apps_from: postgres")
        .contains("  host: db.internal")
        .doesNotContain("not-shown")
        .doesNotContain("apps: []");
  }

  @Test
  void soDoVariablesAndFlags() {
    given
        .variable("FANFARE_APPS_FROM", "mysql")
        .variable("FANFARE_DATABASE_HOST", "db.internal")
        .variable("FANFARE_DATABASE_PASSWORD", "not-shown")
        .flag("--database-host", "other.internal");
    assertThat(options().kind()).isEqualTo(DatabaseOptions.Kind.MYSQL);
    assertThat(options().host()).isEqualTo("other.internal");
    assertThat(options().password()).isEqualTo(PASSWORD);
  }

  @Test
  void theFlagSelectsTheDatabase() {
    given.flag("--apps-from", "postgres");
    assertThat(options().kind()).isEqualTo(DatabaseOptions.Kind.POSTGRES);
  }

  @Test
  void appsHaveOnePlace() {
    given.file(
        given.write(
            "fanfare.yaml",
            """
            apps_from: postgres
            apps:
              - {id: "1", key: a, secret: something-secret}
            """));
    assertThat(given.problems())
        .containsExactly(
            "fanfare.yaml:3:5: an app is configured, but apps_from is postgres; keep apps in one of"
                + " the two places");
  }

  @Test
  void aDatabaseIsNotConfiguredForNothing() {
    given.variable("FANFARE_DATABASE_HOST", "db.internal");
    assertThat(given.problems())
        .containsExactly("environment: FANFARE_DATABASE_HOST is set, but apps_from is none");
  }

  @ParameterizedTest
  @CsvSource({
    "FANFARE_APPS_FROM, oracle, 'FANFARE_APPS_FROM is \"oracle\", but must be one of none,"
        + " postgres, mysql'",
    "FANFARE_DATABASE_TABLE, 'a;b', 'FANFARE_DATABASE_TABLE is \"a;b\", but must be empty, or"
        + " letters, digits or \"_\", with one dot at most'",
    "FANFARE_DATABASE_CA, /nowhere, 'FANFARE_DATABASE_CA is set, but database.tls is off'"
  })
  void valuesAreChecked(String name, String value, String problem) {
    given.variable("FANFARE_APPS_FROM", "postgres").variable(name, value);
    assertThat(given.problems()).contains("environment: " + problem);
  }

  @Test
  void soketisMySqlIsRead() {
    given
        .variable("SOKETI_APP_MANAGER_DRIVER", "mysql")
        .variable("SOKETI_APP_MANAGER_MYSQL_TABLE", "tenants")
        .variable("SOKETI_APP_MANAGER_MYSQL_VERSION", "8.0")
        .variable("SOKETI_APP_MANAGER_CACHE_ENABLED", "true")
        .variable("SOKETI_APP_MANAGER_CACHE_TTL", "60")
        .variable("SOKETI_DB_MYSQL_HOST", "db.internal")
        .variable("SOKETI_DB_MYSQL_PORT", "3307")
        .variable("SOKETI_DB_MYSQL_USERNAME", "soketi")
        .variable("SOKETI_DB_MYSQL_PASSWORD", "not-shown")
        .variable("SOKETI_DB_MYSQL_DATABASE", "live")
        .variable("SOKETI_DB_POOLING_ENABLED", "true")
        .variable("SOKETI_DB_POOLING_MIN", "0")
        .variable("SOKETI_DB_POOLING_MAX", "9")
        .variable("SOKETI_DEFAULT_APP_ID", "app-id");
    assertThat(options())
        .isEqualTo(
            DatabaseOptions.NONE
                .withKind(DatabaseOptions.Kind.MYSQL)
                .withForm(DatabaseOptions.Form.SOKETI)
                .withTable("tenants")
                .withHost("db.internal")
                .withPort(3307)
                .withUser("soketi")
                .withPassword(PASSWORD)
                .withName("live")
                .withConnections(9));
    assertThat(given.config().apps()).isEmpty();
    assertThat(given.config().server().port()).isEqualTo(6001);
    assertThat(given.config().server().host()).isEqualTo("0.0.0.0");
    assertThat(given.warnings())
        .contains(
            "environment: SOKETI_APP_MANAGER_DRIVER is read as FANFARE_APPS_FROM=mysql",
            "environment: SOKETI_DB_MYSQL_HOST is read as FANFARE_DATABASE_HOST=db.internal",
            "environment: SOKETI_DB_MYSQL_PASSWORD is read as FANFARE_DATABASE_PASSWORD",
            "environment: SOKETI_DB_POOLING_ENABLED, SOKETI_DB_POOLING_MAX are read as"
                + " FANFARE_DATABASE_CONNECTIONS=9",
            "environment: SOKETI_DEFAULT_APP_ID is not used, since apps are in a database",
            "environment: SOKETI_APP_MANAGER_MYSQL_VERSION is not used: the driver finds the"
                + " version of the server out")
        .noneMatch(warning -> warning.contains("not-shown"));
  }

  @Test
  void soketisPostgresHasSoketisDefaults() {
    given.variable("SOKETI_APP_MANAGER_DRIVER", "postgres");
    assertThat(options())
        .isEqualTo(
            DatabaseOptions.NONE
                .withKind(DatabaseOptions.Kind.POSTGRES)
                .withForm(DatabaseOptions.Form.SOKETI)
                .withUser("postgres")
                .withName("main")
                .withPassword(new Secret("password")));
  }

  @Test
  void ourVariablesWin() {
    given
        .variable("SOKETI_APP_MANAGER_DRIVER", "postgres")
        .variable("SOKETI_DB_POSTGRES_HOST", "old.internal")
        .variable("FANFARE_DATABASE_HOST", "new.internal");
    assertThat(options().host()).isEqualTo("new.internal");
    given.variable("FANFARE_APPS_FROM", "none").variable("FANFARE_DATABASE_HOST", "");
    assertThat(given.problems()).isNotEmpty();
  }

  @Test
  void soketisFileIsRead() {
    given.file(
        given.write(
            "soketi.json",
            """
            {"appManager.driver": "mysql",
             "appManager.mysql.table": "tenants",
             "database.mysql": {"host": "db.internal", "user": "soketi", "password": "not-shown"},
             "presence.maxMembersPerChannel": 7}
            """));
    assertThat(options().host()).isEqualTo("db.internal");
    assertThat(options().table()).isEqualTo("tenants");
    assertThat(options().password()).isEqualTo(PASSWORD);
    assertThat(given.config().draft().database().forRows()).hasSize(1);
  }

  @Test
  void dynamoDbStopsTheStart() {
    given.variable("SOKETI_APP_MANAGER_DRIVER", "dynamodb");
    assertThat(given.problems())
        .containsExactly(
            "environment: SOKETI_APP_MANAGER_DRIVER is \"dynamodb\", which is not supported: apps"
                + " cannot be read from DynamoDB. Export them with aws dynamodb scan, as"
                + " docs/migration.md shows, into a configuration file or an SQL table");
  }
}
