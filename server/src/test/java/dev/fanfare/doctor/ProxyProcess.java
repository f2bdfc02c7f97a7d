package dev.fanfare.doctor;

import dev.fanfare.testing.Packages;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;

/// A real proxy as a separate process with its own configuration.
public final class ProxyProcess implements AutoCloseable {

  private final Process process;
  private final int port;

  private ProxyProcess(Process process, int port) {
    this.process = process;
    this.port = port;
  }

  /// nginx with these directives inside `http { }`.
  public static ProxyProcess nginx(Path folder, int port, String http) throws IOException {
    Path root = Packages.unpacked("nginx");
    String text =
        """
        daemon off;
        master_process off;
        pid nginx.pid;
        events {}
        http {
        access_log off;
        client_body_temp_path body;
        proxy_temp_path proxy;
        fastcgi_temp_path fastcgi;
        scgi_temp_path scgi;
        uwsgi_temp_path uwsgi;
        """
            + http
            + "}\n";
    Path file = Files.writeString(folder.resolve("nginx.conf"), text);
    return start(
        folder,
        port,
        List.of(
            root.resolve("usr/sbin/nginx").toString(),
            "-p",
            folder.toString(),
            "-c",
            file.toString(),
            "-e",
            "stderr"));
  }

  /// Apache with these lines in its configuration.
  public static ProxyProcess apache(Path folder, int port, String lines) throws IOException {
    Path root = Packages.unpacked("apache2-bin", "libapr1", "libaprutil1");
    StringBuilder text = new StringBuilder();
    text.append("ServerRoot ")
        .append(folder)
        .append("\nPidFile apache.pid\nErrorLog /dev/stderr\n");
    text.append("Mutex sem\nServerName localhost\nUser nobody\nGroup nogroup\n");
    for (String module : List.of("mpm_event", "authz_core", "headers", "proxy", "proxy_http")) {
      Path file = root.resolve("usr/lib/apache2/modules/mod_" + module + ".so");
      text.append("LoadModule ").append(module).append("_module ").append(file).append('\n');
    }
    Path file = Files.writeString(folder.resolve("apache.conf"), text + lines);
    return start(
        folder,
        port,
        List.of(
            "env",
            "LD_LIBRARY_PATH=" + Packages.libraryPath(root),
            root.resolve("usr/sbin/apache2").toString(),
            "-X",
            "-f",
            file.toString()));
  }

  /// Caddy with this Caddyfile.
  public static ProxyProcess caddy(Path folder, int port, String sites) throws IOException {
    Path root = Packages.unpacked("caddy");
    String text = "{\n    admin off\n}\n" + sites;
    Path file = Files.writeString(folder.resolve("Caddyfile"), text);
    return start(
        folder,
        port,
        List.of(
            "env",
            "XDG_DATA_HOME=" + folder,
            "XDG_CONFIG_HOME=" + folder,
            root.resolve("usr/bin/caddy").toString(),
            "run",
            "--config",
            file.toString(),
            "--adapter",
            "caddyfile"));
  }

  private static ProxyProcess start(Path folder, int port, List<String> command)
      throws IOException {
    Path log = folder.resolve("log-" + port);
    Process process =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    try {
      Awaitility.await()
          .atMost(Duration.ofSeconds(20))
          .pollInterval(Duration.ofMillis(20))
          .until(() -> isListening(process, port));
      return new ProxyProcess(process, port);
    } catch (RuntimeException e) {
      process.destroyForcibly();
      throw new AssertionError(String.join(" ", command) + "\n" + Files.readString(log), e);
    }
  }

  private static boolean isListening(Process process, int port) {
    if (!process.isAlive()) {
      throw new IllegalStateException("it has ended");
    }
    try (Socket _ = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  int port() {
    return port;
  }

  @Override
  public void close() {
    process.destroyForcibly();
    process.onExit().join();
  }
}
