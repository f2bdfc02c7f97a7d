package dev.fanfare.sql;

import dev.fanfare.app.Secret;
import io.soabase.recordbuilder.core.RecordBuilder;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Where the table with the apps is, and how to log in.
///
/// @param kind [Kind#NONE] for apps of the configuration
/// @param form what the table's columns are
/// @param port 0 for the usual one
/// @param name of the database
/// @param password null for none
/// @param table with its schema before a dot, if it has one; empty for the usual name
/// @param connections of this node, at most
/// @param ca path of the PEM with the authorities to trust; empty for those of the driver
/// @param cachedApps apps in memory, at most
@RecordBuilder
public record DatabaseOptions(
    Kind kind,
    Form form,
    String host,
    int port,
    String name,
    String user,
    @Nullable Secret password,
    String table,
    int connections,
    Tls tls,
    String ca,
    int cachedApps)
    implements DatabaseOptionsBuilder.With {

  /// The kinds of databases.
  public enum Kind {
    NONE,
    POSTGRES,
    MYSQL
  }

  /// The columns of a table.
  public enum Form {
    /// Those of `docs/apps-in-a-database.md`.
    FANFARE,
    /// Those of soketi 1.6, of which some may be missing.
    SOKETI
  }

  /// How the connection is encrypted.
  public enum Tls {
    OFF,
    /// Encrypted, with any certificate.
    REQUIRE,
    /// Encrypted, with a certificate for the host by an authority that is trusted.
    VERIFY
  }

  private static final int POSTGRES_PORT = 5_432;
  private static final int MYSQL_PORT = 3_306;

  public static final DatabaseOptions NONE =
      DatabaseOptionsBuilder.builder()
          .kind(Kind.NONE)
          .form(Form.FANFARE)
          .host("127.0.0.1")
          .port(0)
          .name("fanfare")
          .user("fanfare")
          .password(null)
          .table("")
          .connections(2)
          .tls(Tls.OFF)
          .ca("")
          .cachedApps(10_000)
          .build();

  /// True if apps are in a database.
  public boolean isOn() {
    return kind != Kind.NONE;
  }

  /// The port, which is never 0.
  int effectivePort() {
    int usual = kind == Kind.POSTGRES ? POSTGRES_PORT : MYSQL_PORT;
    return port == 0 ? usual : port;
  }

  /// The name of the table, which is never empty.
  String effectiveTable() {
    String usual = form == Form.SOKETI ? "apps" : "fanfare_apps";
    return table.isEmpty() ? usual : table;
  }

  /// For log lines: `postgres at db.internal:5432, table fanfare.apps`.
  public String address() {
    return kind.name().toLowerCase(Locale.ROOT)
        + " at "
        + host
        + ":"
        + effectivePort()
        + ", database "
        + name
        + ", table "
        + effectiveTable();
  }
}
