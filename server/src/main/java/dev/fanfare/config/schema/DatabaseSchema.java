package dev.fanfare.config.schema;

import dev.fanfare.app.Secret;
import dev.fanfare.config.value.Kind;
import dev.fanfare.config.value.PathText;
import dev.fanfare.config.value.SecretFile;
import dev.fanfare.config.value.SecretText;
import dev.fanfare.sql.DatabaseOptions;
import dev.fanfare.sql.DatabaseOptionsBuilder;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Apps in a database: the key `apps_from`, and keys below `database:`, variables
/// `FANFARE_DATABASE_…`.
public final class DatabaseSchema {

  private static final DatabaseOptions DEFAULTS = DatabaseOptions.NONE;
  private static final Kind<String> WORD =
      new Kind.Text(
          Pattern.compile("[^\\s\\p{Cntrl}/?#&;]{1,128}"),
          "1 to 128 characters without white space and \"/?#&;\"");

  public static final Option<DatabaseOptions.Kind> APPS_FROM =
      Option.atStart(
          "apps_from",
          new Kind.Choice<>(DatabaseOptions.Kind.class),
          DEFAULTS.kind(),
          "Reads apps from a table instead of `apps:`; `mysql` is for MariaDB, too. `none` for apps"
              + " of the configuration. [apps-in-a-database.md](apps-in-a-database.md)");

  public static final Option<DatabaseOptions.Form> FORM =
      Option.atStart(
          "form",
          new Kind.Choice<>(DatabaseOptions.Form.class),
          DEFAULTS.form(),
          "The columns of the table: `fanfare` or those of `soketi`.");

  public static final Option<String> HOST =
      Option.atStart("host", WORD, DEFAULTS.host(), "Host name or address of the database.");

  public static final Option<Integer> PORT =
      Option.atStart(
          "port",
          new Kind.Whole(0, 65_535),
          DEFAULTS.port(),
          "Port of the database; 0 for 5432 or 3306.");

  public static final Option<String> NAME =
      Option.atStart("name", WORD, DEFAULTS.name(), "Name of the database.");

  public static final Option<String> USER =
      Option.atStart("user", WORD, DEFAULTS.user(), "User who may read the table.");

  public static final Option<Secret> PASSWORD =
      Option.atStart(
          "password",
          new SecretText(false),
          null,
          "The user's password. Set either this or `password_file`.");

  static final Option<Secret> PASSWORD_FILE =
      new Option<>(
          "password_file",
          "password",
          new SecretFile(false),
          null,
          "File with the password; white space around it is ignored.",
          false);

  public static final Option<String> TABLE =
      Option.atStart(
          "table",
          new Kind.Text(
              Pattern.compile("|[A-Za-z_][A-Za-z0-9_]{0,62}(\\.[A-Za-z_][A-Za-z0-9_]{0,62})?"),
              "empty, or letters, digits or \"_\", with one dot at most"),
          DEFAULTS.table(),
          "Name of the table, perhaps with its schema before a dot; empty for `fanfare_apps`, or"
              + " `apps` with soketi's columns.");

  public static final Option<Integer> CONNECTIONS =
      Option.atStart(
          "connections",
          new Kind.Whole(1, 50),
          DEFAULTS.connections(),
          "Connections of this node to the database, at most.");

  public static final Option<DatabaseOptions.Tls> TLS =
      Option.atStart(
          "tls",
          new Kind.Choice<>(DatabaseOptions.Tls.class),
          DEFAULTS.tls(),
          "Encryption: `off`, `require` with any certificate, or `verify`, which checks"
              + " certificate and host name.");

  public static final Option<String> CA =
      Option.atStart(
          "ca",
          new PathText("file"),
          DEFAULTS.ca(),
          "PEM with the authorities that `tls: verify` checks against; empty for those of Java.");

  public static final Option<Integer> CACHED_APPS =
      Option.atStart(
          "cached_apps",
          new Kind.Whole(100, 100_000),
          DEFAULTS.cachedApps(),
          "Apps in memory, at most. Those that were not used for ten minutes are evicted, and"
              + " earlier if there are too many.");

  /// The options below `database:`.
  public static final List<Option<?>> OWN =
      List.of(
          FORM,
          HOST,
          PORT,
          NAME,
          USER,
          PASSWORD,
          PASSWORD_FILE,
          TABLE,
          CONNECTIONS,
          TLS,
          CA,
          CACHED_APPS);

  public static final List<Option<?>> ALL =
      Stream.concat(Stream.of(APPS_FROM), OWN.stream()).toList();

  private DatabaseSchema() {}

  /// How an option is spelled where `prefix` begins the names of those below `database:`.
  ///
  /// @param root begins the names of options that are in no section
  /// @param name the option's own name there
  public static String spell(Option<?> option, String root, String prefix, String name) {
    return (option.equals(APPS_FROM) ? root : prefix) + name;
  }

  public static DatabaseOptions options(Section database) {
    Setting<Secret> password = database.find(PASSWORD);
    return DatabaseOptionsBuilder.builder()
        .kind(database.get(APPS_FROM))
        .form(database.get(FORM))
        .host(database.get(HOST))
        .port(database.get(PORT))
        .name(database.get(NAME))
        .user(database.get(USER))
        .password(password == null ? null : password.value())
        .table(database.get(TABLE))
        .connections(database.get(CONNECTIONS))
        .tls(database.get(TLS))
        .ca(database.get(CA))
        .cachedApps(database.get(CACHED_APPS))
        .build();
  }
}
