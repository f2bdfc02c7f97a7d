package dev.fanfare.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fanfare.app.Secret;
import dev.fanfare.sql.DatabaseOptions.Tls;
import dev.fanfare.testing.Authority;
import dev.fanfare.testing.MariaDbProcess;
import dev.fanfare.testing.SqlProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `database.tls` towards a MariaDB with a certificate of a private authority, for 127.0.0.1.
final class DatabaseTlsTest {

  @TempDir static Path folder;
  private static Authority authority;
  private static MariaDbProcess mariaDb;

  @BeforeAll
  static void startMariaDb() throws IOException {
    authority =
        Authority.in(Files.createTempDirectory(folder, "tls")).issue("database", "IP:127.0.0.1");
    mariaDb =
        MariaDbProcess.startWith(
            folder,
            "--ssl-cert="
                + authority.path("database-chain.pem")
                + " --ssl-key="
                + authority.path("database.key"));
  }

  @AfterAll
  static void stopMariaDb() {
    mariaDb.close();
  }

  private static JdbcTable table(Tls tls, String host, String ca) {
    return new JdbcTable(
        DatabaseOptions.NONE
            .withKind(DatabaseOptions.Kind.MYSQL)
            .withHost(host)
            .withPort(mariaDb.port())
            .withPassword(new Secret(SqlProcess.PASSWORD))
            .withTls(tls)
            .withCa(ca));
  }

  private static String root() {
    return authority.path("root.pem").toString();
  }

  /// The cipher that the database says the connection has; empty for none.
  private static String cipher(JdbcTable table) throws SQLException {
    try (Connection connection = FirstConnection.of(table);
        Statement statement = connection.createStatement();
        ResultSet results = statement.executeQuery("SHOW STATUS LIKE 'Ssl_cipher'")) {
      assertThat(results.next()).isTrue();
      return results.getString(2);
    }
  }

  @Test
  void requiredTlsIsUsedWithAnyCertificate() throws SQLException {
    try (JdbcTable off = table(Tls.OFF, "127.0.0.1", "");
        JdbcTable required = table(Tls.REQUIRE, "localhost", "")) {
      assertThat(cipher(off)).isEmpty();
      assertThat(cipher(required)).isNotEmpty();
    }
  }

  @Test
  void verifiedTlsIsUsedWithTheAuthorityThatIsNamed() throws SQLException {
    try (JdbcTable table = table(Tls.VERIFY, "127.0.0.1", root())) {
      assertThat(cipher(table)).isNotEmpty();
    }
  }

  /// An authority that the JDK does not trust, and a certificate for another host.
  @Test
  void verifiedTlsRefusesOtherCertificatesWithAReason() {
    assertThatThrownBy(() -> connect(table(Tls.VERIFY, "127.0.0.1", "")))
        .isInstanceOf(DatabaseException.class)
        .hasMessageContaining("certificate");
    assertThatThrownBy(() -> connect(table(Tls.VERIFY, "localhost", root())))
        .isInstanceOf(DatabaseException.class)
        .hasMessageContaining("localhost");
  }

  private static void connect(JdbcTable table) throws DatabaseException {
    try (table;
        Connection _ = FirstConnection.of(table)) {
      // not reached
    } catch (SQLException e) {
      throw JdbcTable.failure(e);
    }
  }
}
