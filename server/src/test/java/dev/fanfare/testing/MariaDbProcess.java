package dev.fanfare.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// A MariaDB of Debian's packages with an empty database `fanfare`.
public final class MariaDbProcess implements SqlProcess {

  private final EngineProcess process;

  private MariaDbProcess(EngineProcess process) {
    this.process = process;
  }

  /// Starts one.
  public static MariaDbProcess start(Path folder) throws IOException {
    return startWith(folder, "");
  }

  /// Starts one with more arguments.
  public static MariaDbProcess startWith(Path folder, String arguments) throws IOException {
    Path root =
        Packages.unpacked(
            "mariadb-server-core", "liburing2", "libaio1", "libnuma1", "libpcre2-8-0");
    String libraries = Packages.libraryPath(root);
    Path data = Files.createTempDirectory(folder, "mariadb");
    Path share = root.resolve("usr/share/mysql");
    String server =
        root.resolve("usr/sbin/mariadbd")
            + " --no-defaults --user="
            + System.getProperty("user.name")
            + " --datadir="
            + data
            + " --lc-messages-dir="
            + share
            + " --plugin-dir="
            + root.resolve("usr/lib/mysql/plugin")
            + " --innodb-buffer-pool-size=8M --innodb-flush-log-at-trx-commit=2";
    Programs.run(
        "sh",
        "-c",
        "(echo 'CREATE DATABASE mysql;'; echo 'USE mysql;'; cat "
            + share
            + "/mysql_system_tables.sql "
            + share
            + "/mysql_system_tables_data.sql) | LD_LIBRARY_PATH="
            + libraries
            + " "
            + server
            + " --bootstrap");
    Path users = folder.resolve("users.sql");
    Files.writeString(
        users,
        """
        CREATE DATABASE IF NOT EXISTS %1$s;
        CREATE USER IF NOT EXISTS '%2$s'@'127.0.0.1' IDENTIFIED BY '%3$s';
        GRANT ALL ON *.* TO '%2$s'@'127.0.0.1';
        """
            .formatted(DATABASE, USER, PASSWORD));
    EngineProcess process =
        EngineProcess.start(
            folder,
            libraries,
            port ->
                List.of(
                    "sh",
                    "-c",
                    "exec "
                        + server
                        + " --port="
                        + port
                        + " --bind-address=127.0.0.1 --skip-name-resolve --socket="
                        + data.resolve("socket")
                        + " --init-file="
                        + users
                        + " "
                        + arguments));
    MariaDbProcess mariaDb = new MariaDbProcess(process);
    SqlProcess.awaiting(() -> mariaDb.execute("SELECT 1"));
    return mariaDb;
  }

  @Override
  public String kind() {
    return "mysql";
  }

  @Override
  public String url(String database) {
    return "jdbc:mariadb://127.0.0.1:" + port() + "/" + database;
  }

  @Override
  public EngineProcess process() {
    return process;
  }

  @Override
  public void restart() {
    SqlProcess.awaiting(process::restart);
    SqlProcess.awaiting(() -> execute("SELECT 1"));
  }

  @Override
  public void close() {
    process.close();
  }
}
