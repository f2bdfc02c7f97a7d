package dev.fanfare.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;

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

  private static RedisProcess launch(Path folder, Path root, IntFunction<List<String>> command)
      throws IOException {
    return new RedisProcess(EngineProcess.start(folder, Packages.libraryPath(root), command), root);
  }

  /// Starts one with these settings, such as `--requirepass`, `x`.
  public static RedisProcess start(Path folder, String... settings) throws IOException {
    return start(folder, "--port", List.of(settings));
  }

  /// Starts one that accepts nothing but TLS on its port.
  public static RedisProcess startTls(Path folder, Authority authority, String name)
      throws IOException {
    return start(
        folder,
        "--tls-port",
        List.of(
            "--port",
            "0",
            "--tls-cert-file",
            authority.path(name + "-chain.pem").toString(),
            "--tls-key-file",
            authority.path(name + ".key").toString(),
            "--tls-ca-cert-file",
            authority.path("root.pem").toString()));
  }

  private static RedisProcess start(Path folder, String portSetting, List<String> settings)
      throws IOException {
    Path root = root();
    Path data = Files.createTempDirectory(folder, "redis");
    List<String> common =
        List.of(
            "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir", data.toString());
    return launch(
        folder,
        root,
        port -> {
          List<String> command = new ArrayList<>();
          command.add(root.resolve("usr/bin/redis-server").toString());
          command.addAll(List.of(portSetting, String.valueOf(port)));
          command.addAll(common);
          command.addAll(settings);
          return command;
        });
  }

  /// Starts a Sentinel for `master`, alone in deciding, which calls a master dead after a second.
  public static RedisProcess startSentinel(Path folder, int master) throws IOException {
    Path root = root();
    return launch(
        folder,
        root,
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
        });
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
