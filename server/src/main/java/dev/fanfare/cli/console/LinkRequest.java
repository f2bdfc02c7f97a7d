package dev.fanfare.cli.console;

import dev.fanfare.console.login.ProofFile;
import dev.fanfare.protocol.Json;
import dev.fanfare.protocol.JsonDocument;
import dev.fanfare.protocol.MalformedJson;
import dev.fanfare.webhook.courier.HttpTarget;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// Asks a console on this machine for a link to log in, and proves by a file that it runs as the
/// server's user. Confined to one command.
public final class LinkRequest {

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final URI console;
  private final Map<String, String> environment;

  /// @param console its URL
  public LinkRequest(URI console, Map<String, String> environment) {
    this.console = console;
    this.environment = environment;
  }

  /// The link.
  ///
  /// @throws IOException with a sentence that says what went wrong
  public String send() throws IOException {
    String base = console.toString().replaceFirst("/$", "");
    String refusal = "";
    List<Path> places = ProofFile.places(port(), environment);
    for (Path place : places) {
      if (Files.isReadable(place)) {
        HttpResponse<String> response = post(base, Files.readString(place).strip());
        if (response.statusCode() == 200) {
          return base + "/#login=" + code(response.body());
        }
        refusal = response.statusCode() + " " + Printable.of(response.body().strip());
      }
    }
    throw new IOException(
        refusal.isEmpty()
            ? "none of these files can be read: "
                + places.stream().map(Path::toString).collect(Collectors.joining(", "))
                + "; run this on the server's machine, as the server's user or root"
            : "the console answered " + refusal);
  }

  private int port() {
    return console.getPort() > 0
        ? console.getPort()
        : console.getScheme().equals("https") ? 443 : 80;
  }

  private HttpResponse<String> post(String base, String proof) throws IOException {
    String body = Json.object().field("proof", proof).text();
    try (HttpClient client = HttpTarget.client().connectTimeout(PATIENCE).build()) {
      HttpRequest request =
          HttpTarget.request(URI.create(base + "/api/link"))
              .timeout(PATIENCE)
              .header("Content-Type", "application/json")
              .header("X-Fanfare-Console", "1")
              .header("Origin", base)
              .POST(HttpRequest.BodyPublishers.ofString(body))
              .build();
      return ConsoleClient.exchange(client, console, request, HttpResponse.BodyHandlers.ofString());
    }
  }

  private static String code(String body) throws IOException {
    try {
      return JsonDocument.readObject(body).path("link").asString("");
    } catch (MalformedJson e) {
      throw new IOException("cannot parse the console's answer: " + e.reason(), e);
    }
  }
}
