package dev.fanfare.console;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsServer;
import dev.fanfare.console.figure.SeriesFeed;
import dev.fanfare.console.peers.Feed;
import dev.fanfare.console.route.ConsoleCall;
import dev.fanfare.console.route.ConsoleRoute;
import dev.fanfare.console.route.Reply;
import dev.fanfare.console.row.RowFilter;
import dev.fanfare.console.row.RowStream;
import dev.fanfare.console.row.RowStreams;
import dev.fanfare.console.row.StreamStart;
import dev.fanfare.console.site.StaticFile;
import dev.fanfare.console.site.StaticFiles;
import dev.fanfare.observe.Component;
import dev.fanfare.observe.HeapExhaustion;
import dev.fanfare.protocol.Parsed;
import dev.fanfare.tls.Credentials;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/// The port of the console, with TLS if the server has a certificate: it works while the lanes do
/// not, and no client need reach it. Each request has a virtual thread, which may block.
final class ConsolePort implements AutoCloseable {

  private static final Logger log = Component.CONSOLE.logger();

  /// Connections at a time, twice as many as streams; more are closed at once.
  private static final String MAX_CONNECTIONS = "jdk.httpserver.maxConnections";

  /// Seconds that a request may take to arrive.
  private static final String MAX_SECONDS = "sun.net.httpserver.maxReqTime";

  /// Bytes of the body of a change.
  private static final int MAX_BODY = 1 << 20;

  private static final Pattern GZIP =
      Pattern.compile("(?:^|[, ])(?:gzip|\\*)(?! *; *q=0(?:\\.0*)?(?:,|$))");

  private static final int NO_BODY = -1;
  private static final int CHUNKED = 0;

  private final HttpServer server;
  private final ExecutorService threads =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("fanfare-console").factory());
  private final StaticFiles files = new StaticFiles();
  private final Gate gate;
  private final Recorder recorder;

  /// Set before the first request, as the next one.
  private List<ConsoleRoute> routes = List.of();

  private @Nullable Streams streams;

  /// What streams are made of.
  ///
  /// @param rows writes their rows
  /// @param nodes opens the streams of the other nodes
  /// @param series what they show once a second
  record Streams(
      RowJson rows, Function<ConsoleCall, Feed> nodes, Function<ConsoleCall, SeriesFeed> series) {}

  private ConsolePort(HttpServer server, Gate gate, Recorder recorder) {
    this.server = server;
    this.gate = gate;
    this.recorder = recorder;
  }

  /// Takes the port; it is answered once [#start] is called.
  ///
  /// @param protocols versions of TLS that clients may use
  /// @param credentials of the server in use; null without TLS
  /// @throws IOException with the address and the settings in the message
  static ConsolePort bind(
      ConsoleOptions options,
      Gate gate,
      Recorder recorder,
      List<String> protocols,
      Supplier<@Nullable Credentials> credentials)
      throws IOException {
    InetSocketAddress address = new InetSocketAddress(options.host(), options.port());
    if (address.isUnresolved()) {
      throw new IOException("cannot resolve " + options.host() + " for the console (console_host)");
    }
    if (options.check(credentials.get() != null) instanceof Parsed.Bad(String reason)) {
      throw new IOException("console_host is \"" + options.host() + "\", " + reason);
    }
    limit(MAX_CONNECTIONS, "40");
    limit(MAX_SECONDS, "30");
    try {
      HttpServer server = create(address, protocols, credentials);
      ConsolePort port = new ConsolePort(server, gate, recorder);
      server.setExecutor(port.threads);
      server.createContext("/", port::handle);
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

  private static HttpServer create(
      InetSocketAddress address,
      List<String> protocols,
      Supplier<@Nullable Credentials> credentials)
      throws IOException {
    Credentials first = credentials.get();
    if (first == null) {
      return HttpServer.create(address, 0);
    }
    HttpsServer server = HttpsServer.create(address, 0);
    try {
      server.setHttpsConfigurator(
          ConsoleTls.of(() -> Objects.requireNonNullElse(credentials.get(), first), protocols));
    } catch (GeneralSecurityException e) {
      throw new IOException(e.getMessage(), e);
    }
    return server;
  }

  /// Answers requests.
  void start(List<ConsoleRoute> all, Streams parts) {
    routes = all;
    streams = parts;
    server.start();
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
    Gate.Head head =
        new Gate.Head(
            exchange.getRequestMethod(),
            exchange.getRequestURI(),
            exchange.getRequestHeaders(),
            gate.address(exchange.getRemoteAddress(), exchange.getRequestHeaders()));
    secure(exchange.getResponseHeaders());
    switch (gate.check(head, routes)) {
      case Gate.Refused(Reply reply) -> {
        log.debug("refused {} {}: {}", head.method(), head.path(), reply.status());
        send(exchange, reply);
      }
      case Gate.Page(String path) -> page(exchange, path);
      case Gate.Admitted(ConsoleRoute route, ConsoleCall call) -> {
        byte[] body = body(exchange, route);
        if (body == null) {
          send(exchange, Reply.refusal(413, "The body has more than " + MAX_BODY + " bytes"));
          return;
        }
        ConsoleCall whole = call.withBody(body);
        Reply refusal = gate.checkBody(whole);
        if (refusal != null) {
          send(exchange, refusal);
        } else if (route.path().equals(Gate.STREAM)) {
          stream(exchange, whole);
        } else {
          send(exchange, route.handler().answer(whole));
        }
      }
    }
  }

  /// The body of a change; null if it is too long.
  private static byte @Nullable [] body(HttpExchange exchange, ConsoleRoute route)
      throws IOException {
    if (!route.method().equals("POST")) {
      return new byte[0];
    }
    byte[] body = exchange.getRequestBody().readNBytes(MAX_BODY + 1);
    return body.length > MAX_BODY ? null : body;
  }

  private void page(HttpExchange exchange, String path) throws IOException {
    StaticFile file = files.find(path);
    if (file == null) {
      send(exchange, Reply.unknown());
      return;
    }
    Headers asked = exchange.getRequestHeaders();
    String encodings = asked.getFirst("Accept-Encoding");
    boolean isGzip = encodings != null && GZIP.matcher(encodings).find();
    String tag = file.tag(isGzip);
    Headers headers = exchange.getResponseHeaders();
    headers.set("Cache-Control", "no-cache");
    headers.set("ETag", tag);
    headers.set("Vary", "Accept-Encoding");
    String known = asked.getFirst("If-None-Match");
    if (known != null && known.contains(tag)) {
      exchange.sendResponseHeaders(304, NO_BODY);
      return;
    }
    headers.set("Content-Type", file.type());
    if (isGzip) {
      headers.set("Content-Encoding", "gzip");
    }
    send(exchange, 200, file.bytes(isGzip));
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
    if (reply.allow() != null) {
      headers.set("Allow", reply.allow());
    }
    if (reply.cookie() != null) {
      headers.set("Set-Cookie", reply.cookie());
    }
    send(exchange, reply.status(), reply.body());
  }

  private static void send(HttpExchange exchange, int status, byte[] body) throws IOException {
    if (exchange.getRequestMethod().equals("HEAD")) {
      exchange.sendResponseHeaders(status, NO_BODY);
      return;
    }
    exchange.sendResponseHeaders(status, body.length);
    exchange.getResponseBody().write(body);
  }

  private void stream(HttpExchange exchange, ConsoleCall call)
      throws IOException, InterruptedException {
    Parsed<RowFilter> filter = RowFilter.parse(call.ofApp().id(), call.query());
    if (filter instanceof Parsed.Bad<RowFilter> bad) {
      send(exchange, Reply.refusal(400, bad.reason()));
      return;
    }
    String lastId = exchange.getRequestHeaders().getFirst("Last-Event-ID");
    Parsed<StreamStart> start =
        StreamStart.parse(lastId, call.query().get("last"), recorder.life());
    if (start instanceof Parsed.Bad<StreamStart> bad) {
      send(exchange, Reply.refusal(400, bad.reason()));
      return;
    }
    if (exchange.getRequestMethod().equals("HEAD")) {
      send(exchange, Reply.wrongMethod("GET"));
      return;
    }
    RowFilter selected = ((Parsed.Ok<RowFilter>) filter).value();
    StreamStart first = ((Parsed.Ok<StreamStart>) start).value();
    RowStream stream = recorder.streams().open(selected, first, recorder.moments());
    if (stream == null) {
      send(exchange, Reply.refusal(503, "There are " + RowStreams.MAX + " streams already"));
      return;
    }
    Streams parts = Objects.requireNonNull(streams);
    boolean isOfAll = call.text("nodes").equals("all");
    try (stream;
        Feed feed = isOfAll ? parts.nodes().apply(call) : Feed.NONE) {
      exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
      exchange.sendResponseHeaders(200, CHUNKED);
      EventStream.Reader reader =
          new EventStream.Reader(
              call.sent().session(), exchange.getResponseBody(), recorder.life());
      EventStream.Sources sources =
          new EventStream.Sources(stream, feed, parts.series().apply(call));
      new EventStream(sources, parts.rows(), reader).run();
    }
  }

  /// Stops listening and ends all connections, answered or not.
  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
