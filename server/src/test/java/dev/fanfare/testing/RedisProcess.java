package dev.fanfare.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// A Redis of Debian's packages, which holds nothing when it starts.
public final class RedisProcess implements AutoCloseable {

  private final EngineProcess process;
  private final Path root;

  private RedisProcess(EngineProcess process, Path root) {
    this.process = process;
    this.root = root;
  }

  private static Path root() throws IOException {
    return Packages.unpacked(
        "redis-server", "redis-sentinel", "redis-tools", "libjemalloc2", "liblzf1");
  }

  /// Starts one with these settings, such as `--requirepass`, `x`.
  public static RedisProcess start(Path folder, String... settings) throws IOException {
    Path data = Files.createTempDirectory(folder, "redis");
    List<String> common =
        List.of(
            "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir", data.toString());
    Path root = root();
    return new RedisProcess(
        EngineProcess.start(
            folder,
            Packages.libraryPath(root),
            port -> {
              List<String> command = new ArrayList<>();
              command.add(root.resolve("usr/bin/redis-server").toString());
              command.addAll(List.of("--port", String.valueOf(port)));
              command.addAll(common);
              command.addAll(List.of(settings));
              return command;
            }),
        root);
  }

  /// Starts one that accepts nothing but TLS on its port.
  public static RedisProcess startTls(Path folder, Authority authority, String name)
      throws IOException {
    Path data = Files.createTempDirectory(folder, "redis");
    Path root = root();
    return new RedisProcess(
        EngineProcess.start(
            folder,
            Packages.libraryPath(root),
            port ->
                List.of(
                    root.resolve("usr/bin/redis-server").toString(),
                    "--port",
                    "0",
                    "--tls-port",
                    String.valueOf(port),
                    "--tls-cert-file",
                    authority.path(name + "-chain.pem").toString(),
                    "--tls-key-file",
                    authority.path(name + ".key").toString(),
                    "--tls-ca-cert-file",
                    authority.path("root.pem").toString(),
                    "--bind",
                    "127.0.0.1",
                    "--save",
                    "",
                    "--dir",
                    data.toString())),
        root);
  }

  /// Starts a Sentinel for `master`, alone in deciding, which calls a master dead after a second.
  public static RedisProcess startSentinel(Path folder, int master) throws IOException {
    Path root = root();
    return new RedisProcess(
        EngineProcess.start(
            folder,
            Packages.libraryPath(root),
            port -> {
              Path file = folder.resolve("sentinel-" + port + ".conf");
              try {
                Files.writeString(
                    file,
                    """
                    port %d
                    bind 127.0.0.1
                    dir %s
                    sentinel monitor house 127.0.0.1 %d 1
                    sentinel down-after-milliseconds house 1000
                    sentinel failover-timeout house 3000
                    """
                        .formatted(port, folder, master));
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
              return List.of(root.resolve("usr/bin/redis-sentinel").toString(), file.toString());
            }),
        root);
  }

  public EngineProcess process() {
    return process;
  }

  public int port() {
    return process.port();
  }

  /// The answer to a command, from redis-cli.
  public String ask(String... command) throws IOException {
    List<String> all = new ArrayList<>();
    all.addAll(List.of("env", "LD_LIBRARY_PATH=" + Packages.libraryPath(root)));
    all.add(root.resolve("usr/bin/redis-cli").toString());
    all.addAll(List.of("--no-auth-warning", "-p", String.valueOf(port())));
    all.addAll(List.of(command));
    return Programs.run(all.toArray(String[]::new)).strip();
  }

  @Override
  public void close() {
    process.close();
  }
}
