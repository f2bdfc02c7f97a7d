package dev.fanfare.drain;

import static org.awaitility.Awaitility.await;

import dev.fanfare.testing.FreePort;
import dev.fanfare.testing.Programs;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// HAProxy in front of two nodes, with the configuration that docs/operations.md shows.
final class Balancer implements AutoCloseable {

  private static final Pattern SHOWN = Pattern.compile("```haproxy\n(.*?)```", Pattern.DOTALL);

  private final Process process;
  private final int port;

  private Balancer(Process process, int port) {
    this.process = process;
    this.port = port;
  }

  /// Starts it for the nodes on these ports.
  static Balancer start(Path folder, int firstPort, int secondPort) throws IOException {
    Programs.require("haproxy");
    int port = FreePort.number();
    Path file = folder.resolve("haproxy.cfg");
    Files.writeString(
        file,
        shown()
            .replace("bind :6001", "bind 127.0.0.1:" + port)
            .replace("10.0.0.1:6001", "127.0.0.1:" + firstPort)
            .replace("10.0.0.2:6001", "127.0.0.1:" + secondPort));
    Process process =
        new ProcessBuilder("haproxy", "-db", "-f", file.toString())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("haproxy.txt").toFile())
            .start();
    Balancer balancer = new Balancer(process, port);
    await().until(balancer::accepts);
    return balancer;
  }

  private static String shown() throws IOException {
    Matcher matcher = SHOWN.matcher(Files.readString(Path.of("..", "docs", "operations.md")));
    if (!matcher.find()) {
      throw new AssertionError("docs/operations.md shows no configuration of HAProxy");
    }
    return matcher.group(1);
  }

  int port() {
    return port;
  }

  private boolean accepts() {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      return true;
    } catch (IOException _) {
      return false;
    }
  }

  @Override
  public void close() {
    process.destroy();
    int _ = Programs.waitFor(process);
  }
}
