package dev.fanfare.testing;

import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/// Two nodes of the app of [TestNode] that keep the events of all channels in one Redis. Clients
/// are connected to the first one, until it is killed and they are moved to the second one.
public final class KillableNodes implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final int NO_CONTENT = 204;

  private final RedisNodes nodes;
  private final Relay relay;
  private final HttpServer control;

  /// @param folder for what Redis writes
  public KillableNodes(Path folder) throws IOException {
    nodes =
        RedisNodes.start(folder, 2, TestNode.APP, Map.of("FANFARE_APP_HISTORY_0_REPLAY", "resume"));
    relay = new Relay(nodes.node(0).port());
    control = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    control.createContext("/kill", this::onKill);
    control.createContext("/move", this::onMove);
    control.start();
  }

  /// The port for clients.
  public int port() {
    return relay.port();
  }

  /// The port of the node that stays.
  public int otherPort() {
    return nodes.node(1).port();
  }

  /// Requests of `/kill?ID`, with the id of an event, and `/move` below this URL do what the
  /// methods of that name do.
  public String controlUrl() {
    return "http://127.0.0.1:" + control.getAddress().getPort();
  }

  /// Kills the first node with SIGKILL, once Redis knows that every client with a tag has confirmed
  /// this event.
  public void kill(String id) throws IOException {
    await()
        .atMost(PATIENCE)
        .until(() -> {
          List<String> keys = nodes.redis().ask("KEYS", "*:h:t:*").lines().toList();
          return !keys.isEmpty() && haveConfirmed(keys, id);
        });
    nodes.signal(0, "KILL");
  }

  private boolean haveConfirmed(List<String> keys, String id) throws IOException {
    for (String key : keys) {
      if (!nodes.redis().ask("GET", key).contains(id)) {
        return false;
      }
    }
    return true;
  }

  /// From now on, clients reach the second node.
  public void move() {
    relay.moveTo(otherPort());
  }

  private void onKill(HttpExchange exchange) throws IOException {
    kill(exchange.getRequestURI().getQuery());
    exchange.sendResponseHeaders(NO_CONTENT, -1);
    exchange.close();
  }

  private void onMove(HttpExchange exchange) throws IOException {
    move();
    exchange.sendResponseHeaders(NO_CONTENT, -1);
    exchange.close();
  }

  @Override
  public void close() throws IOException {
    control.stop(0);
    relay.close();
    nodes.close();
  }
}
