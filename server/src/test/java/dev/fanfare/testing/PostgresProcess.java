package dev.fanfare.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;

/// A PostgreSQL of Debian's packages with an empty database `fanfare`. It refuses to run as root,
/// so then it runs as `nobody`.
public final class PostgresProcess implements SqlProcess {

  private static final boolean IS_ROOT = System.getProperty("user.name").equals("root");

  private final EngineProcess process;

  /// With everything, in a place where `nobody` can read it.
  private final Path home;

  private PostgresProcess(EngineProcess process, Path home) {
    this.process = process;
    this.home = home;
  }

  /// Starts one.
  public static PostgresProcess start(Path folder) throws IOException {
    Path root =
        Packages.unpacked(
            "postgresql-15",
            "libpq5",
            "libicu72",
            "libxml2",
            "libldap-2.5-0",
            "libsasl2-2",
            "libgssapi-krb5-2",
            "libkrb5-3",
            "libk5crypto3",
            "libkrb5support0",
            "libkeyutils1");
    Path home = Files.createTempDirectory("fanfare-postgres");
    Files.setPosixFilePermissions(home, PosixFilePermissions.fromString("rwxr-xr-x"));
    String libraries = Packages.libraryPath(root).replace(root.toString(), home.toString());
    String copy = "cp -r usr " + home + " && mkdir " + home + "/data";
    Programs.run("sh", "-c", "cd '" + root + "' && " + copy);
    Path password = Files.writeString(home.resolve("password"), PASSWORD);
    Files.setPosixFilePermissions(password, PosixFilePermissions.fromString("rw-r--r--"));
    if (IS_ROOT) {
      Programs.run("chown", "nobody", home.resolve("data").toString());
    }
    Path programs = home.resolve("usr/lib/postgresql/15/bin");
    Programs.run(
        as(
                "env",
                "LD_LIBRARY_PATH=" + libraries,
                programs.resolve("initdb").toString(),
                "--pgdata=" + home.resolve("data"),
                "--username=" + USER,
                "--pwfile=" + password,
                "--auth=scram-sha-256",
                "--encoding=UTF8",
                "--locale=C",
                "--no-sync")
            .toArray(String[]::new));
    EngineProcess process =
        EngineProcess.start(
            folder,
            libraries,
            port ->
                as(
                    programs.resolve("postgres").toString(),
                    "-D",
                    home.resolve("data").toString(),
                    "-p",
                    String.valueOf(port),
                    "-c",
                    "listen_addresses=127.0.0.1",
                    "-c",
                    "unix_socket_directories=",
                    "-c",
                    "shared_preload_libraries=pg_stat_statements",
                    "-c",
                    "fsync=off"));
    PostgresProcess postgres = new PostgresProcess(process, home);
    SqlProcess.awaiting(() -> postgres.executeIn("postgres", "CREATE DATABASE " + DATABASE));
    return postgres;
  }

  private static List<String> as(String... command) {
    List<String> words = new ArrayList<>();
    if (IS_ROOT) {
      words.addAll(List.of("setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups"));
    }
    words.addAll(List.of(command));
    return words;
  }

  @Override
  public String kind() {
    return "postgres";
  }

  @Override
  public String url(String database) {
    return "jdbc:postgresql://127.0.0.1:" + port() + "/" + database;
  }

  @Override
  public EngineProcess process() {
    return process;
  }

  /// A killed one leaves processes behind that end in a moment.
  @Override
  public void restart() {
    SqlProcess.awaiting(process::restart);
    SqlProcess.awaiting(() -> execute("SELECT 1"));
  }

  @Override
  public void close() throws IOException {
    process.close();
    String _ = Programs.run("rm", "-rf", home.toString());
  }
}
