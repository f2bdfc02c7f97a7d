package dev.fanfare.cli;

import dev.fanfare.app.App;
import dev.fanfare.protocol.Query;
import dev.fanfare.protocol.Signature;
import dev.fanfare.webhook.courier.HttpTarget;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;

/// Sends requests to a running server on behalf of one app, as a server SDK would. Confined to one
/// command.
final class ApiClient implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /// The server's answer.
  record Reply(int status, String body) {

    boolean isGood() {
      return status == 200;
    }
  }

  private final HttpClient client = HttpTarget.client().connectTimeout(PATIENCE).build();
  private final URI server;
  private final App app;
  private final InstantSource clock;

  /// @param server the URL of the server, with its path prefix
  ApiClient(URI server, App app, InstantSource clock) {
    this.server = server;
    this.app = app;
    this.clock = clock;
  }

  /// Sends a signed request without a body.
  ///
  /// @param path below `/apps/ID`
  /// @throws IOException with a sentence that says which server did not answer, and why
  Reply send(String method, String path, String query) throws IOException {
    String full = "/apps/" + app.id() + path;
    String base = server.toString().replaceFirst("/$", "");
    URI target = URI.create(base + full + "?" + signed(method, full, query));
    HttpRequest request =
        HttpTarget.request(target)
            .timeout(PATIENCE)
            .method(method, HttpRequest.BodyPublishers.noBody())
            .build();
    try {
      HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
      return new Reply(response.statusCode(), response.body().stripTrailing());
    } catch (ConnectException e) {
      throw new IOException("no server answers at " + server, e);
    } catch (IOException e) {
      throw new IOException("the server at " + server + " did not answer: " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while waiting for " + server, e);
    }
  }

  private String signed(String method, String path, String query) {
    long now = TimeUnit.MILLISECONDS.toSeconds(clock.millis());
    String full =
        (query.isEmpty() ? "" : query + "&")
            + "auth_key="
            + app.key()
            + "&auth_timestamp="
            + now
            + "&auth_version=1.0";
    String toSign = Signature.request(method, path, Query.parse(full).toSign(Query.Arrays.JOINED));
    return full + "&auth_signature=" + app.secret().signature().sign(toSign);
  }

  @Override
  public void close() {
    client.close();
  }
}
