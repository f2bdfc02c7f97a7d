package dev.fanfare.testing;

import dev.fanfare.app.App;
import dev.fanfare.protocol.Query;
import dev.fanfare.protocol.Signature;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/// Signed requests to a node's HTTP API, with the JDK's own client.
public final class Api implements AutoCloseable {

  /// Two clients have two connections, which are used in turn: behind a balancer, requests
  /// alternate between nodes.
  private final List<HttpClient> clients =
      Stream.generate(HttpClient::newHttpClient).limit(BalancedNodes.ARE_USED ? 2 : 1).toList();

  private final AtomicInteger requests = new AtomicInteger();
  private final int port;
  private final App app;

  public Api(TestNode node) {
    this(node.port(), node.app());
  }

  public Api(int port, App app) {
    this.port = port;
    this.app = app;
  }

  /// `POST /apps/ID` + `path` with a JSON body.
  public HttpResponse<String> post(String path, String body) throws IOException {
    return send("POST", "/apps/" + app.id() + path, "", body);
  }

  /// `GET /apps/ID` + `path`; the query is signed as it is.
  public HttpResponse<String> get(String path, String query) throws IOException {
    return send("GET", "/apps/" + app.id() + path, query, "");
  }

  /// Publishes one event and fails unless the answer is 200.
  public void publish(String channel, String event, String data) throws IOException {
    String body =
        "{\"name\":\"" + event + "\",\"channels\":[\"" + channel + "\"],\"data\":\"" + data + "\"}";
    HttpResponse<String> response = post("/events", body);
    if (response.statusCode() != 200) {
      throw new AssertionError(response.statusCode() + " " + response.body());
    }
  }

  public HttpResponse<String> send(String method, String path, String query, String body)
      throws IOException {
    String target =
        path + "?" + signedQuery(app, method, path, query, body, System.currentTimeMillis() / 1000);
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + target))
            .method(method, HttpRequest.BodyPublishers.ofString(body))
            .build();
    BalancedNodes.settle();
    HttpClient client = clients.get(requests.getAndIncrement() % clients.size());
    try {
      return client.send(request, HttpResponse.BodyHandlers.ofString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }

  /// `query` completed and signed as a server SDK does it.
  public static String signedQuery(
      App app, String method, String path, String query, String body, long epochSeconds) {
    String full =
        (query.isEmpty() ? "" : query + "&")
            + "auth_key="
            + app.key()
            + "&auth_timestamp="
            + epochSeconds
            + "&auth_version=1.0";
    if (!body.isEmpty()) {
      full += "&body_md5=" + Signature.md5(body.getBytes(StandardCharsets.UTF_8));
    }
    String toSign = Signature.request(method, path, Query.parse(full).toSign(Query.Arrays.JOINED));
    return full + "&auth_signature=" + app.secret().signature().sign(toSign);
  }

  @Override
  public void close() {
    clients.forEach(HttpClient::close);
  }
}
