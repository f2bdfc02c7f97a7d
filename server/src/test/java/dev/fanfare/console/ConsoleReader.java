package dev.fanfare.console;

import dev.fanfare.app.App;
import dev.fanfare.protocol.JsonDocument;
import dev.fanfare.protocol.MalformedJson;
import dev.fanfare.testing.Api;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import tools.jackson.databind.JsonNode;

/// What a console answers to requests that an app has signed.
final class ConsoleReader implements AutoCloseable {

  private static final long PATIENCE_NS = TimeUnit.SECONDS.toNanos(60);

  private final Api api;

  ConsoleReader(int port, App app) {
    this.api = new Api(port, app);
  }

  HttpResponse<String> send(String path, String query) throws IOException {
    return api.send("GET", path, query, "");
  }

  /// The JSON of a path.
  JsonNode get(String path, String query) throws IOException {
    HttpResponse<String> response = send(path, query);
    if (response.statusCode() != 200) {
      throw new AssertionError(response.statusCode() + " " + response.body());
    }
    try {
      return JsonDocument.readObject(response.body());
    } catch (MalformedJson e) {
      throw new IOException(e);
    }
  }

  /// The same, asked for until it is as wanted: rows are recorded a little later.
  JsonNode await(String path, String query, Predicate<JsonNode> wanted) throws IOException {
    long sinceNs = System.nanoTime();
    JsonNode last = get(path, query);
    while (!wanted.test(last)) {
      if (System.nanoTime() - sinceNs > PATIENCE_NS) {
        throw new AssertionError("still " + last);
      }
      last = get(path, query);
    }
    return last;
  }

  @Override
  public void close() {
    api.close();
  }
}
