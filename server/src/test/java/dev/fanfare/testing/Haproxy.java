package dev.fanfare.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.IntFunction;

/// HAProxy of Debian's packages; by default it gives each new connection to the next node in turn.
public final class Haproxy implements AutoCloseable {

  private final EngineProcess process;

  private Haproxy(EngineProcess process) {
    this.process = process;
  }

  /// Starts it on a free port, for nodes on these ports.
  ///
  /// @param folder for its configuration and output
  static Haproxy start(Path folder, int first, int second) throws IOException {
    return start(folder, port -> configuration(port, first, second));
  }

  /// Starts it on a free port.
  ///
  /// @param configuration its whole configuration, for that port
  public static Haproxy start(Path folder, IntFunction<String> configuration) throws IOException {
    Programs.require("haproxy");
    return new Haproxy(
        EngineProcess.start(
            folder,
            "",
            port -> {
              Path file = folder.resolve("haproxy-" + port + ".cfg");
              try {
                Files.writeString(file, configuration.apply(port));
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
              return List.of("haproxy", "-db", "-f", file.toString());
            }));
  }

  private static String configuration(int port, int first, int second) {
    return """
    global
        nbthread 1
    defaults
        mode tcp
        timeout connect 10s
        timeout client 1h
        timeout server 1h
    frontend fanfare
        bind 127.0.0.1:%d
        default_backend nodes
    backend nodes
        balance roundrobin
        server one 127.0.0.1:%d
        server two 127.0.0.1:%d
    """
        .formatted(port, first, second);
  }

  public int port() {
    return process.port();
  }

  @Override
  public void close() {
    process.close();
  }
}
