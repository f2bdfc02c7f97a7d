package dev.fanfare.config.foreign;

import dev.fanfare.config.schema.DatabaseSchema;
import dev.fanfare.config.schema.Option;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/// Which database soketi reads its apps from: MySQL or PostgreSQL.
final class SoketiDatabase {

  static final String DRIVER = "SOKETI_APP_MANAGER_DRIVER";
  private static final String POOLING = "SOKETI_DB_POOLING_ENABLED";
  private static final String MAX = "SOKETI_DB_POOLING_MAX";
  private static final int MOST_CONNECTIONS = 50;

  private static final String DEFAULT_NAME = "main";
  private static final String DEFAULT_PASSWORD = "password";

  static final List<EngineName> NAMES =
      Stream.of(
              List.of(
                  new EngineName(
                      DRIVER,
                      "appManager.driver",
                      DatabaseSchema.APPS_FROM,
                      "`array` is `none`",
                      "array")),
              names("mysql", "root", "3306"),
              names("postgres", "postgres", "5432"),
              List.of(
                  new EngineName(
                      POOLING,
                      "databasePooling.enabled",
                      DatabaseSchema.CONNECTIONS,
                      "`true` selects the number below",
                      "false"),
                  new EngineName(
                      MAX,
                      "databasePooling.max",
                      DatabaseSchema.CONNECTIONS,
                      "at most " + MOST_CONNECTIONS,
                      "7")))
          .flatMap(List::stream)
          .toList();

  private final EngineReader in;

  /// `MYSQL` or `POSTGRES`.
  private final String kind;

  private SoketiDatabase(EngineReader in, String kind) {
    this.in = in;
    this.kind = kind;
  }

  private static List<EngineName> names(String kind, String user, String port) {
    String prefix = "SOKETI_DB_" + kind.toUpperCase(Locale.ROOT) + "_";
    String path = "database." + kind + ".";
    return List.of(
        new EngineName(
            "SOKETI_APP_MANAGER_" + kind.toUpperCase(Locale.ROOT) + "_TABLE",
            "appManager." + kind + ".table",
            DatabaseSchema.TABLE,
            "",
            "apps"),
        new EngineName(prefix + "HOST", path + "host", DatabaseSchema.HOST, "", "127.0.0.1"),
        new EngineName(prefix + "PORT", path + "port", DatabaseSchema.PORT, "", port),
        new EngineName(prefix + "USERNAME", path + "user", DatabaseSchema.USER, "", user),
        new EngineName(
            prefix + "PASSWORD", path + "password", DatabaseSchema.PASSWORD, "", DEFAULT_PASSWORD),
        new EngineName(
            prefix + "DATABASE", path + "database", DatabaseSchema.NAME, "", DEFAULT_NAME));
  }

  /// Reads apps from the database if soketi does.
  static void read(EngineReader in) {
    EngineValue driver = in.find(DRIVER);
    if (driver != null && isSql(driver)) {
      String kind = driver.text().strip().toLowerCase(Locale.ROOT);
      new SoketiDatabase(in, kind.toUpperCase(Locale.ROOT)).read(driver, kind);
    }
  }

  static boolean isSql(EngineValue driver) {
    return List.of("mysql", "postgres").contains(driver.text().strip().toLowerCase(Locale.ROOT));
  }

  private void read(EngineValue driver, String kind) {
    in.use(driver);
    List<EngineValue> all = new ArrayList<>();
    for (EngineName name : NAMES) {
      boolean isOfKind =
          name.variable().startsWith("SOKETI_DB_" + this.kind + "_")
              || name.variable().startsWith("SOKETI_APP_MANAGER_" + this.kind + "_");
      EngineValue value = in.find(name.variable());
      if (isOfKind && value != null) {
        in.use(value);
        all.add(value);
      }
    }
    List<EngineValue> pool = in.all(POOLING, MAX);
    pool.forEach(in::use);
    if (in.isOurs(DatabaseSchema.APPS_FROM)) {
      all.addFirst(driver);
      all.addAll(pool);
      in.replaced(all, DatabaseSchema.APPS_FROM);
      return;
    }
    in.put(DatabaseSchema.APPS_FROM, kind, List.of(driver), "=" + kind);
    in.assume(DatabaseSchema.FORM, "soketi", driver);
    for (EngineName name : NAMES) {
      EngineValue value = in.find(name.variable());
      if (value != null && all.contains(value)) {
        put(name.option(), value);
      }
    }
    assume(driver);
    pool(pool);
  }

  private void put(Option<?> option, EngineValue value) {
    boolean isSecret = option.equals(DatabaseSchema.PASSWORD);
    in.put(option, value.text(), List.of(value), isSecret ? "" : "=" + value.text());
  }

  /// soketi's defaults, where it says nothing.
  private void assume(EngineValue driver) {
    boolean isMysql = kind.equals("MYSQL");
    Map.of(
            DatabaseSchema.USER, isMysql ? "root" : "postgres",
            DatabaseSchema.NAME, DEFAULT_NAME,
            DatabaseSchema.PASSWORD, DEFAULT_PASSWORD)
        .forEach((option, text) -> in.assume(option, text, driver));
  }

  private void pool(List<EngineValue> given) {
    EngineValue pooling = in.find(POOLING);
    boolean isOn =
        pooling != null && "true".equals(Conversion.SWITCH.convert(pooling.text().strip()));
    EngineValue max = in.find(MAX);
    if (isOn && max != null) {
      String plain = Conversion.plain(max.text().strip());
      boolean isLarge = plain.matches("[0-9]{3,9}|[6-9][0-9]|5[1-9]");
      String text = isLarge ? String.valueOf(MOST_CONNECTIONS) : plain;
      in.put(DatabaseSchema.CONNECTIONS, text, given, "=" + text);
    } else if (!given.isEmpty()) {
      in.unused(given, POOLING + " is not switched on, or " + MAX + " is not set");
    }
  }
}
