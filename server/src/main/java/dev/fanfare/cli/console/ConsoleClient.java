package dev.fanfare.cli.console;

import dev.fanfare.app.App;
import dev.fanfare.protocol.JsonDocument;
import dev.fanfare.protocol.MalformedJson;
import dev.fanfare.webhook.courier.HttpTarget;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import tools.jackson.databind.JsonNode;

/// Sends signed requests to the console of a running server on behalf of one app. Confined to one
/// command.
public final class ConsoleClient implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final HttpClient client = HttpTarget.client().connectTimeout(PATIENCE).build();
  private final URI console;
  private final App app;
  private final InstantSource clock;

  /// @param console the URL of the console
  public ConsoleClient(URI console, App app, InstantSource clock) {
    this.console = console;
    this.app = app;
    this.clock = clock;
  }

  /// The JSON of a path below `/api/apps/ID`.
  ///
  /// @param path percent-encoded
  /// @param query percent-encoded
  /// @throws IOException with a sentence that says what went wrong
  public JsonNode get(String path, String query) throws IOException {
    return read(send("/api/apps/" + app.id() + path, query));
  }

  private static JsonNode read(HttpResponse<InputStream> response) throws IOException {
    try (InputStream body = response.body()) {
      return JsonDocument.readObject(new String(body.readAllBytes(), StandardCharsets.UTF_8));
    } catch (MalformedJson e) {
      throw new IOException("cannot parse the console's answer: " + e.reason(), e);
    }
  }

  /// The app on whose behalf requests are sent.
  public String appId() {
    return app.id();
  }

  /// The JSON of another path, about what the app's secret gives access to.
  ///
  /// @throws IOException as above
  public JsonNode getOfNode(String path) throws IOException {
    return read(send(path, ""));
  }

  /// The stream of what happens to the app.
  ///
  /// @param query percent-encoded
  /// @throws IOException as above
  public EventReader stream(String query) throws IOException {
    String full = "app=" + SignedQuery.encoded(app.id()) + (query.isEmpty() ? "" : "&" + query);
    return new EventReader(send("/api/stream", full).body());
  }

  private HttpResponse<InputStream> send(String path, String query) throws IOException {
    URI target = SignedQuery.target(console, app, "GET", path, query, new byte[0], clock);
    HttpRequest request = HttpTarget.request(target).timeout(PATIENCE).GET().build();
    HttpResponse<InputStream> response =
        exchange(client, console, request, HttpResponse.BodyHandlers.ofInputStream());
    if (response.statusCode() != 200) {
      throw new IOException(refusal(response));
    }
    return response;
  }

  /// Sends a request to a console.
  ///
  /// @throws IOException with a sentence for people if no console answers
  static <T> HttpResponse<T> exchange(
      HttpClient client, URI console, HttpRequest request, HttpResponse.BodyHandler<T> handler)
      throws IOException {
    try {
      return client.send(request, handler);
    } catch (ConnectException e) {
      throw new IOException(
          "no console answers at "
              + console
              + "; is the server running, with console: true in its configuration?",
          e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while waiting for " + console, e);
    }
  }

  private static String refusal(HttpResponse<InputStream> response) throws IOException {
    try (InputStream body = response.body()) {
      String text = new String(body.readAllBytes(), StandardCharsets.UTF_8).strip();
      return "the console answered " + response.statusCode() + ": " + Printable.of(text);
    }
  }

  @Override
  public void close() {
    client.shutdownNow();
  }
}
