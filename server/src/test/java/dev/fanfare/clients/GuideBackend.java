package dev.fanfare.clients;

import dev.fanfare.testing.MarkdownPage;
import dev.fanfare.testing.Programs;
import dev.fanfare.testing.TestNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;

/// The backend in Node that docs/flutter.md shows, as a process on a free port of 127.0.0.1.
record GuideBackend(Process process, int port) implements AutoCloseable {

  private static final Path MODULES = Path.of("src/test/js/node_modules").toAbsolutePath();

  /// Starts it for the app of this node, unchanged but for ports, key, secret and id.
  static GuideBackend start(TestNode node) throws IOException {
    Programs.requireJavaScript();
    String code =
        MarkdownPage.read("docs/flutter.md")
            .code("js", "// backend.js")
            .replace("\"6001\"", "\"" + node.port() + "\"")
            .replace("\"ID\"", "\"" + node.app().id() + "\"")
            .replace("\"KEY\"", "\"" + node.app().key() + "\"")
            .replace("\"SECRET\"", "\"" + node.app().secret().reveal() + "\"")
            .replace(
                ".listen(8000)", ".listen(0, function () { console.log(this.address().port) })");
    ProcessBuilder builder = new ProcessBuilder("node", "--input-type=commonjs", "-e", code);
    builder.environment().put("NODE_PATH", MODULES.toString());
    Process process = builder.redirectErrorStream(true).start();
    String line = process.inputReader().readLine();
    if (line == null || !line.matches("\\d+")) {
      process.destroyForcibly();
      throw new AssertionError("backend.js printed " + line + " instead of its port");
    }
    return new GuideBackend(process, Integer.parseInt(line));
  }

  /// The endpoint that plugins ask for permission.
  String authUrl() {
    return "http://127.0.0.1:" + port + "/broadcasting/auth";
  }

  /// Sends what the page sends with curl, and returns the status.
  int notify(String bearer, String text) throws IOException {
    URI uri = URI.create("http://127.0.0.1:" + port + "/notify");
    HttpRequest request =
        HttpRequest.newBuilder(uri)
            .header("Authorization", "Bearer " + bearer)
            .POST(HttpRequest.BodyPublishers.ofString(text))
            .build();
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
