package dev.fanfare.sql;

import dev.fanfare.app.Secret;
import dev.fanfare.sql.DatabaseOptions.Tls;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Properties;
import java.util.stream.Collectors;

/// What differs between the databases.
enum Dialect {
  POSTGRES("org.postgresql.Driver", '"'),
  MYSQL("org.mariadb.jdbc.Driver", '`');

  private static final int CONNECT_SECONDS = 2;
  private static final int ANSWER_SECONDS = 3;
  private static final int MILLISECONDS = 1_000;

  private final String driver;
  private final char quote;

  Dialect(String driver, char quote) {
    this.driver = driver;
    this.quote = quote;
  }

  static Dialect of(DatabaseOptions.Kind kind) {
    return kind == DatabaseOptions.Kind.POSTGRES ? POSTGRES : MYSQL;
  }

  /// The class of the driver.
  String driver() {
    return driver;
  }

  /// The URL for the driver; what it must not be parsed out of is in [#properties].
  String url(DatabaseOptions options) {
    String host = options.host().contains(":") ? "[" + options.host() + "]" : options.host();
    String scheme = this == POSTGRES ? "jdbc:postgresql://" : "jdbc:mariadb://";
    return scheme + host + ":" + options.effectivePort() + "/" + options.name();
  }

  /// How the driver connects: nothing waits for longer than a few seconds.
  Properties properties(DatabaseOptions options) {
    Properties all = new Properties();
    all.setProperty("user", options.user());
    Secret password = options.password();
    if (password != null) {
      all.setProperty("password", password.reveal());
    }
    if (this == POSTGRES) {
      postgres(options, all);
    } else {
      mysql(options, all);
    }
    return all;
  }

  private static void postgres(DatabaseOptions options, Properties all) {
    all.setProperty("ApplicationName", "fanfare");
    all.setProperty("connectTimeout", String.valueOf(CONNECT_SECONDS));
    all.setProperty("socketTimeout", String.valueOf(ANSWER_SECONDS));
    all.setProperty("loginTimeout", String.valueOf(CONNECT_SECONDS));
    all.setProperty("tcpKeepAlive", "true");
    // Behind PgBouncer a statement would not be found on another connection.
    all.setProperty("prepareThreshold", "0");
    all.setProperty("stringtype", "unspecified"); // columns have their own types
    all.setProperty(
        "sslmode",
        switch (options.tls()) {
          case OFF -> "disable";
          case REQUIRE -> "require";
          case VERIFY -> "verify-full";
        });
    if (options.tls() == Tls.REQUIRE) {
      all.setProperty("sslfactory", "org.postgresql.ssl.NonValidatingFactory");
    } else if (options.tls() == Tls.VERIFY && options.ca().isEmpty()) {
      all.setProperty("sslfactory", "org.postgresql.ssl.DefaultJavaSSLFactory");
    } else if (options.tls() == Tls.VERIFY) {
      all.setProperty("sslrootcert", options.ca());
    }
  }

  private static void mysql(DatabaseOptions options, Properties all) {
    all.setProperty("connectTimeout", String.valueOf(CONNECT_SECONDS * MILLISECONDS));
    all.setProperty("socketTimeout", String.valueOf(ANSWER_SECONDS * MILLISECONDS));
    all.setProperty("tcpKeepAlive", "true");
    all.setProperty("tinyInt1isBit", "false"); // soketi has limits of this type
    all.setProperty("allowLocalInfile", "false");
    // MySQL 8's usual way to log in, without TLS.
    all.setProperty("allowPublicKeyRetrieval", "true");
    all.setProperty(
        "sslMode",
        switch (options.tls()) {
          case OFF -> "disable";
          case REQUIRE -> "trust";
          case VERIFY -> "verify-full";
        });
    if (options.tls() == Tls.VERIFY && !options.ca().isEmpty()) {
      all.setProperty("serverSslCert", options.ca());
    }
  }

  /// The name of the table or column, in quotes; a dot is between a schema and a table.
  String quoted(String name) {
    return Arrays.stream(name.split("\\.", -1))
        .map(part -> quote + part + quote)
        .collect(Collectors.joining("."));
  }

  /// Selects rows by ids, by keys, and by the keys of those with the ids: each in a separate part,
  /// so that indexes are used. [#bind] sets its parameters.
  String find(String table, int ids, int keys) {
    String from = "SELECT a.* FROM " + quoted(table) + " a";
    String key = quoted("key");
    String id = quoted("id");
    String byKey = from + " WHERE a." + key + among(keys);
    String byId = from + " WHERE a." + id + among(ids);
    String shared =
        from + " JOIN " + quoted(table) + " b ON a." + key + " = b." + key + " WHERE b." + id;
    if (ids == 0) {
      return byKey;
    }
    String ofIds = byId + " UNION ALL " + shared + among(ids);
    return keys == 0 ? ofIds : ofIds + " UNION ALL " + byKey;
  }

  /// PostgreSQL has arrays, and allows few parameters.
  private String among(int count) {
    return this == POSTGRES
        ? " = ANY (?)"
        : " IN (" + String.join(",", Collections.nCopies(count, "?")) + ")";
  }

  /// Sets the parameters of [#find].
  void bind(PreparedStatement statement, Collection<String> ids, Collection<String> keys)
      throws SQLException {
    List<Collection<String>> parts = new ArrayList<>();
    if (!ids.isEmpty()) {
      parts.add(ids);
      parts.add(ids);
    }
    if (!keys.isEmpty()) {
      parts.add(keys);
    }
    int index = 1;
    for (Collection<String> part : parts) {
      if (this == POSTGRES) {
        Object[] all = part.toArray();
        statement.setArray(index++, statement.getConnection().createArrayOf("varchar", all));
      } else {
        for (String each : part) {
          statement.setString(index++, each);
        }
      }
    }
  }
}
