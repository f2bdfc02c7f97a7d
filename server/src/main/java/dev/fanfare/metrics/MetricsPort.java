package dev.fanfare.metrics;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A port of its own for whoever collects the numbers: it works while the lanes do not, and need
/// not be reachable for clients. Answers from virtual threads, for the outbox may block.
final class MetricsPort implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(MetricsPort.class);

  private static final String PATH = "/metrics";

  private final HttpServer server;
  private final ExecutorService threads;
  private final Page page;

  private MetricsPort(HttpServer server, ExecutorService threads, Page page) {
    this.server = server;
    this.threads = threads;
    this.page = page;
  }

  /// Listens and answers. Throws with the address and the setting in the message if that is not
  /// possible.
  static MetricsPort open(MetricsOptions options, Page page) throws IOException {
    InetSocketAddress address = new InetSocketAddress(options.host(), options.port());
    if (address.isUnresolved()) {
      throw new IOException(
          "nobody knows the address " + options.host() + " for metrics (metrics_host)");
    }
    HttpServer server;
    try {
      server = HttpServer.create(address, 0);
    } catch (IOException e) {
      throw new IOException(
          "cannot listen on "
              + options.host()
              + ":"
              + options.port()
              + " for metrics (metrics_host, metrics_port): "
              + e.getMessage(),
          e);
    }
    ExecutorService threads =
        Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("fanfare-metrics").factory());
    MetricsPort port = new MetricsPort(server, threads, page);
    server.setExecutor(threads);
    server.createContext("/", port::answer);
    server.start();
    return port;
  }

  int port() {
    return server.getAddress().getPort();
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      if (!exchange.getRequestURI().getPath().equals(PATH)) {
        refuse(exchange, 404, "There is nothing here but " + PATH);
      } else if (!isRead(exchange)) {
        exchange.getResponseHeaders().set("Allow", "GET, HEAD");
        refuse(exchange, 405, "Method not allowed, use GET");
      } else {
        show(exchange);
      }
    } catch (RuntimeException e) {
      log.error("the metrics could not be shown", e);
      throw e;
    }
  }

  private static boolean isRead(HttpExchange exchange) {
    return exchange.getRequestMethod().equals("GET") || isHead(exchange);
  }

  private static boolean isHead(HttpExchange exchange) {
    return exchange.getRequestMethod().equals("HEAD");
  }

  private void show(HttpExchange exchange) throws IOException {
    Page.Text text = page.write(exchange.getRequestHeaders().getFirst("Accept"));
    respond(exchange, 200, text.contentType(), text.body());
  }

  private static void refuse(HttpExchange exchange, int status, String reason) throws IOException {
    byte[] body = reason.getBytes(StandardCharsets.UTF_8);
    respond(exchange, status, "text/plain; charset=utf-8", body);
  }

  private static void respond(HttpExchange exchange, int status, String type, byte[] body)
      throws IOException {
    exchange.getResponseHeaders().set("Content-Type", type);
    if (isHead(exchange)) {
      exchange.sendResponseHeaders(status, -1);
      return;
    }
    exchange.sendResponseHeaders(status, body.length);
    try (OutputStream out = exchange.getResponseBody()) {
      out.write(body);
    }
  }

  /// Answers nobody any more, not even who is waiting.
  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
