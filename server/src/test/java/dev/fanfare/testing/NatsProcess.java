package dev.fanfare.testing;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// A NATS server of Debian's package.
public final class NatsProcess implements AutoCloseable {

  private final EngineProcess process;

  private NatsProcess(EngineProcess process) {
    this.process = process;
  }

  /// Starts one with these flags, such as `--user`, `x`, `--pass`, `y`.
  public static NatsProcess start(Path folder, String... flags) throws IOException {
    Path root = Packages.unpacked("nats-server");
    return new NatsProcess(
        EngineProcess.start(
            folder,
            "",
            port -> {
              List<String> command = new ArrayList<>();
              command.add(root.resolve("usr/sbin/nats-server").toString());
              command.addAll(List.of("-a", "127.0.0.1", "-p", String.valueOf(port)));
              command.addAll(List.of(flags));
              return command;
            }));
  }

  /// Flags for TLS with a certificate that was issued under this name.
  public static String[] tls(Authority authority, String name) {
    return new String[] {
      "--tls",
      "--tlscert",
      authority.path(name + "-chain.pem").toString(),
      "--tlskey",
      authority.path(name + ".key").toString()
    };
  }

  public EngineProcess process() {
    return process;
  }

  public int port() {
    return process.port();
  }

  @Override
  public void close() {
    process.close();
  }
}
