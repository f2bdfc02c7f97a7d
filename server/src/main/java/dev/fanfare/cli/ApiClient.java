package dev.fanfare.cli;

import dev.fanfare.app.App;
import dev.fanfare.cli.console.SignedQuery;
import dev.fanfare.protocol.MalformedJson;
import dev.fanfare.webhook.courier.HttpTarget;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.InstantSource;
import picocli.CommandLine.Model.CommandSpec;

/// Sends requests to a running server on behalf of one app, as a server SDK would. Confined to one
/// command.
final class ApiClient implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /// The server's answer.
  record Reply(int status, String body) {

    private static final int FAILED = 1;

    boolean isGood() {
      return status == 200 || status == 201;
    }

    /// Prints a good answer, and returns the exit code.
    ///
    /// @param json true to print it as it is
    /// @throws CommandError if the server has refused the request
    int print(CommandSpec spec, boolean json, Wording wording) {
      if (!isGood()) {
        throw failure("the server answered " + status + ": " + body);
      }
      try {
        PrintWriter out = spec.commandLine().getOut();
        out.print(json ? body + "\n" : wording.of(body));
        out.flush();
        return spec.exitCodeOnSuccess();
      } catch (MalformedJson e) {
        throw failure("cannot parse the server's response: " + e.reason());
      }
    }

    /// The request has failed.
    ///
    /// @param reason without a full stop
    static CommandError failure(String reason) {
      return new CommandError(FAILED, "fanfare: " + reason + "\n");
    }
  }

  /// Turns a server's response into text for a terminal.
  @FunctionalInterface
  interface Wording {
    String of(String json) throws MalformedJson;
  }

  private final HttpClient client = HttpTarget.client().connectTimeout(PATIENCE).build();
  private final URI server;
  private final App app;
  private final String root;
  private final InstantSource clock;

  /// @param server the URL of the server, with its path prefix
  ApiClient(URI server, App app, InstantSource clock) {
    this(server, app, "/apps/" + app.id(), clock);
  }

  /// @param signer whose key and secret sign requests
  /// @param root what all paths begin with
  ApiClient(URI server, App signer, String root, InstantSource clock) {
    this.server = server;
    this.app = signer;
    this.root = root;
    this.clock = clock;
  }

  /// Sends a signed request without a body.
  ///
  /// @param path below `/apps/ID`, or the other root
  /// @throws IOException with a sentence that says which server did not answer, and why
  Reply send(String method, String path, String query) throws IOException {
    return send(method, path, query, new byte[0]);
  }

  /// Sends a signed request with a JSON body, which is empty for none. Throws as the other.
  Reply send(String method, String path, String query, byte[] body) throws IOException {
    String full = root + path;
    URI target = SignedQuery.target(server, app, method, full, query, body, clock);
    HttpRequest request =
        HttpTarget.request(target)
            .timeout(PATIENCE)
            .method(
                method,
                body.length == 0
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofByteArray(body))
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

  @Override
  public void close() {
    client.close();
  }
}
