package dev.fanfare.loadtest.testing;

import dev.fanfare.protocol.Json;
import dev.fanfare.protocol.MalformedJson;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// One headless tab of Debian's Chromium, driven over its DevTools protocol. Used by one thread,
/// which its methods block; events in the tab arrive on another.
public final class Browser implements AutoCloseable {

  private static final List<String> NAMES =
      List.of("chromium", "chromium-browser", "google-chrome");
  private static final int SECONDS = 30;
  private static final Pattern LISTENING = Pattern.compile("DevTools listening on ws://([^/]+)/.*");
  private static final Pattern TAB =
      Pattern.compile("\"webSocketDebuggerUrl\":\\s*\"(ws:[^\"]+/page/[^\"]+)\"");

  private final Process process;
  private final HttpClient client = HttpClient.newHttpClient();
  private final WebSocket tab;
  private final AtomicInteger lastId = new AtomicInteger();
  private final ConcurrentHashMap<Integer, CompletableFuture<String>> acknowledgements =
      new ConcurrentHashMap<>();
  private final List<String> troubles = new CopyOnWriteArrayList<>();
  private final List<String> requests = new CopyOnWriteArrayList<>();

  /// @param profile an empty folder
  public Browser(Path profile) throws IOException, InterruptedException {
    ProcessBuilder command =
        new ProcessBuilder(
                chromium(),
                "--headless",
                "--no-sandbox", // builds run as root, where Chromium's sandbox cannot
                "--disable-gpu",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--window-size=1280,900",
                "--remote-debugging-port=0",
                "--user-data-dir=" + profile,
                "about:blank")
            .redirectErrorStream(true);
    // Chromium keeps a directory there that the profile points to.
    command.environment().put("TMPDIR", profile.toString());
    process = command.start();
    tab = client.newWebSocketBuilder().buildAsync(tabOf(devTools()), new Ear()).join();
    for (String domain : List.of("Page", "Runtime", "Log", "Network")) {
      call(domain + ".enable", Json.object());
    }
  }

  /// Opens a file and waits until it is loaded.
  public void open(Path file) {
    String _ = call("Page.navigate", Json.object().field("url", file.toUri().toString()));
    // The reply comes once the tab has the file, before it is fully loaded.
    String _ =
        evaluate(
            """
            await new Promise((done) =>
              document.readyState === "complete" ? done() : addEventListener("load", done))\
            """);
  }

  /// The value of an expression in the page, as text.
  public String evaluate(String expression) {
    String answer =
        call(
            "Runtime.evaluate",
            Json.object()
                .field("expression", "(async () => String(" + expression + "))()")
                .field("awaitPromise", true));
    if (!field(answer, "exceptionDetails").isEmpty()) {
      throw new AssertionError(expression + ": " + answer);
    }
    return field(field(answer, "result"), "value");
  }

  /// Moves the mouse to a position in the window.
  public void moveMouse(double x, double y) {
    String _ =
        call(
            "Input.dispatchMouseEvent",
            Json.object()
                .field("type", "mouseMoved")
                .json("x", Double.toString(x))
                .json("y", Double.toString(y)));
  }

  /// Exceptions and console messages, in order.
  public List<String> troubles() {
    return List.copyOf(troubles);
  }

  /// Addresses that the page has requested, including its own.
  public List<String> requests() {
    return List.copyOf(requests);
  }

  @Override
  public void close() {
    client.shutdownNow();
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
    // The profile can be deleted only once the process has stopped writing to it.
    process.onExit().join();
  }

  private String call(String method, Json.Writer params) {
    int id = lastId.incrementAndGet();
    CompletableFuture<String> answer = new CompletableFuture<>();
    acknowledgements.put(id, answer);
    tab.sendText(
            Json.object()
                .field("id", id)
                .field("method", method)
                .json("params", params.text())
                .text(),
            true)
        .join();
    return answer.orTimeout(SECONDS, TimeUnit.SECONDS).join();
  }

  private void hear(String message) {
    String id = field(message, "id");
    if (!id.isEmpty()) {
      String error = field(message, "error");
      CompletableFuture<String> answer =
          Objects.requireNonNull(acknowledgements.remove(Integer.valueOf(id)), "asked");
      if (error.isEmpty()) {
        answer.complete(field(message, "result"));
      } else {
        answer.completeExceptionally(new AssertionError(error));
      }
      return;
    }
    String params = field(message, "params");
    switch (field(message, "method")) {
      case "Network.requestWillBeSent" -> requests.add(field(field(params, "request"), "url"));
      case "Runtime.exceptionThrown", "Runtime.consoleAPICalled", "Log.entryAdded" ->
          troubles.add(params);
      default -> {}
    }
  }

  private String devTools() throws IOException {
    BufferedReader said = process.inputReader();
    for (String line = said.readLine(); line != null; line = said.readLine()) {
      Matcher listening = LISTENING.matcher(line);
      if (listening.matches()) {
        // Later output must be read, or the process would block.
        Thread.ofVirtual().start(() -> said.lines().forEach(_ -> {}));
        return listening.group(1);
      }
    }
    throw new AssertionError("Chromium did not start");
  }

  private URI tabOf(String devTools) throws IOException, InterruptedException {
    HttpRequest list =
        HttpRequest.newBuilder(URI.create("http://" + devTools + "/json/list")).build();
    Matcher found = TAB.matcher(client.send(list, HttpResponse.BodyHandlers.ofString()).body());
    if (!found.find()) {
      throw new AssertionError("Chromium has no tab");
    }
    return URI.create(found.group(1));
  }

  private static String field(String json, String name) {
    String[] found = {""};
    try {
      Json.readObject(
          json,
          (key, value) -> {
            if (key.equals(name)) {
              found[0] = value.isObject() || value.isArray() ? value.compact() : value.literal();
            }
          });
    } catch (MalformedJson e) {
      throw new AssertionError(json, e);
    }
    return found[0];
  }

  private static String chromium() throws IOException, InterruptedException {
    String found = installed();
    if (found.isEmpty()) {
      int exitCode =
          new ProcessBuilder("sh", "-c", "apt-get update -qq && apt-get install -y -qq chromium")
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD) // never Maven's own pipes
              .start()
              .waitFor();
      if (exitCode != 0) {
        throw new AssertionError("Chromium is not installed and could not be");
      }
      found = installed();
    }
    return found;
  }

  private static String installed() {
    List<String> folders = Arrays.asList(System.getenv("PATH").split(":", -1));
    return NAMES.stream()
        .flatMap(name -> folders.stream().map(folder -> Path.of(folder, name)))
        .filter(Files::isExecutable)
        .map(Path::toString)
        .findFirst()
        .orElse("");
  }

  /// Reassembles a fragmented message.
  private final class Ear implements WebSocket.Listener {
    private final StringBuilder pieces = new StringBuilder();

    @Override
    public CompletionStage<?> onText(WebSocket socket, CharSequence piece, boolean last) {
      pieces.append(piece);
      if (last) {
        String message = pieces.toString();
        pieces.setLength(0);
        hear(message);
      }
      socket.request(1);
      return CompletableFuture.completedStage(null);
    }
  }
}
