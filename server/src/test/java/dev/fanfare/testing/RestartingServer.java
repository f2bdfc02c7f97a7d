package dev.fanfare.testing;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// A server in a separate process, with the app of [TestNode] and a rule for history in memory that
/// covers every channel. It can be shut down with SIGTERM and started again on the same port.
public final class RestartingServer implements AutoCloseable {

  private static final int LIFE_SECONDS = 240;
  private static final int NO_CONTENT = 204;

  private final Map<String, String> environment;
  private final int port = FreePort.number();
  private final HttpServer control;
  private Process process;

  /// @param folder for what survives a restart
  public RestartingServer(Path folder) throws IOException {
    environment =
        Map.of(
            "FANFARE_APP_ID", TestNode.APP.id(),
            "FANFARE_APP_KEY", TestNode.APP.key(),
            "FANFARE_APP_SECRET", TestNode.APP.secret().reveal(),
            "FANFARE_APP_HISTORY_0_REPLAY", "resume",
            "FANFARE_WEBHOOKS_DATA_DIR", folder.toString());
    process = start();
    control = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    control.createContext("/", this::onRestart);
    control.start();
  }

  private Process start() throws IOException {
    Process started = ServerProcess.startAt(port, LIFE_SECONDS, environment);
    assertThat(ServerProcess.port(started)).isEqualTo(port);
    return started;
  }

  private void onRestart(HttpExchange exchange) throws IOException {
    restart();
    exchange.sendResponseHeaders(NO_CONTENT, -1);
    exchange.close();
  }

  public int port() {
    return port;
  }

  /// A request to this URL restarts the server, and is answered once it is there again.
  public String restartUrl() {
    return "http://127.0.0.1:" + control.getAddress().getPort();
  }

  /// Shuts it down, waits until the process has ended, and starts another one.
  public void restart() throws IOException {
    process.destroy();
    try {
      assertThat(process.waitFor(LIFE_SECONDS, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
    assertThat(process.exitValue()).isZero();
    process = start();
  }

  @Override
  public void close() {
    control.stop(0);
    process.toHandle().destroyForcibly();
  }
}
