package dev.fanfare.console;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.fanfare.observe.Component;
import dev.fanfare.observe.HeapExhaustion;
import dev.fanfare.protocol.Parsed;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.slf4j.Logger;

/// The port of the console, on a loopback address: it works while the lanes do not, and no client
/// need reach it. Each request has a virtual thread, which may block.
final class ConsolePort implements AutoCloseable {

  private static final Logger log = Component.CONSOLE.logger();

  /// Connections at a time, twice as many as streams; more are closed at once.
  private static final String MAX_CONNECTIONS = "jdk.httpserver.maxConnections";

  /// Seconds that a request may take to arrive.
  private static final String MAX_SECONDS = "sun.net.httpserver.maxReqTime";

  private static final int NO_BODY = -1;
  private static final int CHUNKED = 0;

  private final HttpServer server;
  private final ExecutorService threads =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("fanfare-console").factory());
  private final ConsoleApi api;
  private final Gate gate;
  private final Recorder recorder;

  private ConsolePort(HttpServer server, ConsoleApi api, Gate gate, Recorder recorder) {
    this.server = server;
    this.api = api;
    this.gate = gate;
    this.recorder = recorder;
  }

  /// Starts to listen.
  ///
  /// @throws IOException with the address and the settings in the message
  static ConsolePort open(ConsoleOptions options, ConsoleApi api, Gate gate, Recorder recorder)
      throws IOException {
    InetSocketAddress address = new InetSocketAddress(options.host(), options.port());
    if (address.isUnresolved()) {
      throw new IOException("cannot resolve " + options.host() + " for the console (console_host)");
    }
    if (!address.getAddress().isLoopbackAddress()) {
      throw new IOException(
          "console_host is "
              + options.host()
              + ", but must be a loopback address such as 127.0.0.1: the console has no logins"
              + " yet. From elsewhere, reach it through ssh -L");
    }
    limit(MAX_CONNECTIONS, "40");
    limit(MAX_SECONDS, "30");
    try {
      HttpServer server = HttpServer.create(address, 0);
      ConsolePort port = new ConsolePort(server, api, gate, recorder);
      server.setExecutor(port.threads);
      server.createContext("/", port::handle);
      server.start();
      return port;
    } catch (IOException e) {
      throw new IOException(
          "cannot listen on "
              + options.host()
              + ":"
              + options.port()
              + " for the console (console_host, console_port): "
              + e.getMessage(),
          e);
    }
  }

  /// The JDK's server has its limits from properties of the process.
  private static void limit(String property, String value) {
    if (System.getProperty(property) == null) {
      System.setProperty(property, value);
    }
  }

  int port() {
    return server.getAddress().getPort();
  }

  private void handle(HttpExchange exchange) {
    try (exchange) {
      answer(exchange);
    } catch (IOException e) {
      log.debug("a connection of the console ended: {}", e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // shutdown
    } catch (RuntimeException | Error e) {
      HeapExhaustion.exitIf(e);
      log.error("request {} of the console failed", exchange.getRequestURI().getRawPath(), e);
    }
  }

  private void answer(HttpExchange exchange) throws IOException, InterruptedException {
    URI target = exchange.getRequestURI();
    String path = target.getRawPath();
    String host = exchange.getRequestHeaders().getFirst("Host");
    secure(exchange.getResponseHeaders());
    switch (gate.check(exchange.getRequestMethod(), host, path, target.getRawQuery())) {
      case Gate.Refused(Reply reply) -> {
        log.debug("refused {} {}: {}", exchange.getRequestMethod(), path, reply.status());
        send(exchange, reply);
      }
      case Gate.Admitted admitted -> {
        if (path.equals(Gate.STREAM)) {
          stream(exchange, admitted);
        } else if (path.equals(Gate.OVERVIEW)) {
          send(exchange, api.overview());
        } else {
          send(exchange, reply(admitted));
        }
      }
    }
  }

  private Reply reply(Gate.Admitted admitted) {
    return admitted.segments().isEmpty()
        ? ConsoleApi.unknown()
        : api.ofApp(admitted.app(), admitted.segments(), admitted.query());
  }

  /// What keeps a browser from doing anything with an answer but show it.
  private static void secure(Headers headers) {
    headers.set(
        "Content-Security-Policy",
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src"
            + " 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none';"
            + " require-trusted-types-for 'script'; trusted-types lit-html");
    headers.set("X-Content-Type-Options", "nosniff");
    headers.set("Referrer-Policy", "no-referrer");
    headers.set("Cross-Origin-Opener-Policy", "same-origin");
    headers.set("Cache-Control", "no-store");
  }

  private static void send(HttpExchange exchange, Reply reply) throws IOException {
    Headers headers = exchange.getResponseHeaders();
    headers.set("Content-Type", "application/json");
    if (reply.status() == 405) {
      headers.set("Allow", "GET, HEAD");
    }
    if (exchange.getRequestMethod().equals("HEAD")) {
      exchange.sendResponseHeaders(reply.status(), NO_BODY);
      return;
    }
    exchange.sendResponseHeaders(reply.status(), reply.body().length);
    exchange.getResponseBody().write(reply.body());
  }

  private void stream(HttpExchange exchange, Gate.Admitted admitted)
      throws IOException, InterruptedException {
    Parsed<RowFilter> filter = RowFilter.parse(admitted.app().id(), admitted.query());
    if (filter instanceof Parsed.Bad<RowFilter> bad) {
      send(exchange, Reply.refusal(400, bad.reason()));
      return;
    }
    if (exchange.getRequestMethod().equals("HEAD")) {
      send(exchange, Reply.refusal(405, "Method not allowed, use GET"));
      return;
    }
    RowFilter selected = ((Parsed.Ok<RowFilter>) filter).value();
    RowStream stream = recorder.streams().open(selected, recorder.moments());
    if (stream == null) {
      send(exchange, Reply.refusal(503, "There are " + RowStreams.MAX + " streams already"));
      return;
    }
    try (stream) {
      exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
      exchange.sendResponseHeaders(200, CHUNKED);
      new EventStream(stream, api.json(), exchange.getResponseBody()).run();
    }
  }

  /// Stops listening and ends all connections, answered or not.
  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
