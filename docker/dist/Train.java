import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// Creates the AOT cache of an installation: the JVM records a server while real clients use it, and
/// stores loaded and linked classes and profiles. Run from source:
///
///     java docker/dist/Train.java FOLDER LOADTEST OPTION…
///
/// FOLDER is the output of docker/dist/tree, and gets `lib/fanfare.aot`. LOADTEST is
/// fanfare-loadtest.jar, whose crowds are what a restarted server sees first. The JVM options must be
/// those that the server will be started with: the JVM rejects the cache otherwise.
final class Train {

  private static final String KEY = "training";
  private static final String SECRET = "training-secret";
  private static final int ROUNDS = 200;
  private static final int LOAD_SECONDS = 30;
  private static final String PASSWORD = "training";
  private static final Pattern PORT = Pattern.compile("https://localhost:(\\d+)");
  private static final Pattern SOCKET_ID = Pattern.compile("socket_id\\\\\":\\\\\"([\\d.]+)");

  private static final String CONFIGURATION =
      """
      server:
        host: 0.0.0.0
        port: 0
        metrics_port: %d
        tls_certificate: %s
        tls_key: %s
      webhooks: {data_dir: %s}
      apps:
        - id: "1"
          key: %s
          secret: %s
          client_events: true
          subscription_counts: true
          limits:
            max_client_events_per_second: 0
            max_subscription_changes_per_second: 0
            max_presence_members: 1000
          webhooks: [{url: "http://127.0.0.1:%d/"}]
      """;

  /// Together some 30 s. Small enough for a machine that builds other things meanwhile.
  private static final List<String> LOADS =
      List.of(
          "connect --connections 32 --duration 5s --warmup 0",
          "connect --connections 32 --duration 2s --warmup 0 --private",
          "storm --connections 1000 --channels 100",
          "fanout --subscribers 500 --channels 50 --duration 4s --warmup 0",
          "fanout --subscribers 200 --duration 2s --warmup 0 --via client-event",
          "presence --connections 100 --channels 5 --duration 2s --warmup 0",
          "pingpong --connections 50 --duration 2s --warmup 0",
          "http --duration 3s --warmup 0",
          "connect --connections 16 --duration 3s --warmup 0 --tls --insecure",
          "fanout --subscribers 100 --channels 10 --duration 2s --warmup 0 --tls --insecure");

  private final HttpClient http = HttpClient.newHttpClient();
  private final String address;

  private Train(String address) {
    this.address = address;
  }

  public static void main(String[] args) throws Exception {
    Path home = Path.of(args[0]).toAbsolutePath();
    Path loadtest = Path.of(args[1]).toAbsolutePath();
    Path cache = home.resolve("lib/fanfare.aot");
    Path work = Files.createTempDirectory("fanfare");
    HttpServer receiver = receiver();
    int metricsPort = freePort();
    ProcessBuilder builder = new ProcessBuilder(home.resolve("runtime/bin/java").toString());
    builder.command().addAll(List.of(args).subList(2, args.length));
    builder.command().add("-XX:AOTCacheOutput=" + cache);
    builder.command().addAll(List.of("-jar", home.resolve("lib/fanfare.jar").toString()));
    builder.command().add("start");
    builder.command().add("--config");
    builder.command().add(configuration(work, metricsPort, receiver.getAddress().getPort()));
    Process server = builder.redirectErrorStream(true).start();
    try {
      String port = port(server);
      Thread output =
          Thread.ofVirtual().start(() -> server.inputReader().lines().forEach(System.out::println));
      new Train("localhost:" + port).use();
      for (String load : LOADS) {
        run(loadtest, port, load);
        new Train("localhost:" + metricsPort).get("/metrics");
      }
      // SIGTERM, which would close the streams if it were sent by the process itself. A second JVM
      // then writes the cache.
      server.toHandle().destroy();
      require(server.waitFor() == 0, "the server ends with 0");
      output.join();
      require(Files.exists(cache), "there is a cache");
    } finally {
      server.destroyForcibly();
      receiver.stop(0);
      try (Stream<Path> files = Files.walk(work)) {
        files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
      }
    }
  }

  /// Accepts all webhooks.
  private static HttpServer receiver() throws IOException {
    HttpServer receiver =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    receiver.createContext(
        "/",
        exchange -> {
          exchange.getRequestBody().readAllBytes();
          exchange.sendResponseHeaders(200, -1);
          exchange.close();
        });
    receiver.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    receiver.start();
    return receiver;
  }

  /// The path of a configuration with a new certificate, in `work`.
  private static String configuration(Path work, int metricsPort, int receiverPort)
      throws Exception {
    Path store = work.resolve("store.p12");
    String keytool = Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
    List<String> command = new ArrayList<>(List.of(keytool, "-genkeypair", "-keyalg", "EC"));
    command.addAll(List.of("-groupname", "secp256r1"));
    command.addAll(List.of("-alias", "training", "-dname", "CN=localhost", "-validity", "2"));
    command.addAll(List.of("-storepass", PASSWORD, "-keystore", store.toString()));
    require(
        new ProcessBuilder(command).inheritIO().start().waitFor() == 0, "there is a certificate");
    KeyStore keys = KeyStore.getInstance(store.toFile(), PASSWORD.toCharArray());
    Path certificate = work.resolve("certificate.pem");
    Path key = work.resolve("key.pem");
    Files.writeString(
        certificate, pem("CERTIFICATE", keys.getCertificate("training").getEncoded()));
    byte[] secret = keys.getKey("training", PASSWORD.toCharArray()).getEncoded();
    Files.writeString(key, pem("PRIVATE KEY", secret));
    Path file = work.resolve("fanfare.yaml");
    Path data = work.resolve("data");
    Files.writeString(
        file,
        CONFIGURATION.formatted(metricsPort, certificate, key, data, KEY, SECRET, receiverPort));
    return file.toString();
  }

  private static String pem(String kind, byte[] bytes) {
    String base64 = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes);
    return "-----BEGIN " + kind + "-----\n" + base64 + "\n-----END " + kind + "-----\n";
  }

  /// Runs a load. One that fails or takes too long on a busy machine still was use, so it is only
  /// reported; one that could not be run is an error.
  private static void run(Path loadtest, String port, String load) throws Exception {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    ProcessBuilder builder = new ProcessBuilder(java, "-jar", loadtest.toString());
    builder.command().addAll(List.of(load.split(" ")));
    builder.command().addAll(List.of("--port", port, "--no-polling", "--quiet"));
    builder.command().addAll(List.of("--app-id", "1", "--key", KEY, "--secret", SECRET));
    long start = System.nanoTime();
    Process process = builder.inheritIO().start();
    String outcome = "stopped";
    if (process.waitFor(LOAD_SECONDS, TimeUnit.SECONDS)) {
      require(process.exitValue() <= 1, "the load can be run: " + load);
      outcome = process.exitValue() == 0 ? "done" : "failed";
    }
    process.destroyForcibly();
    long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
    System.out.println("training: " + load + ": " + outcome + " after " + millis + " ms");
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  private static String port(Process server) throws IOException {
    String line;
    while ((line = server.inputReader().readLine()) != null) {
      System.out.println(line);
      Matcher port = PORT.matcher(line);
      if (port.find()) {
        return port.group(1);
      }
    }
    throw new IOException("the server did not start");
  }

  private static void require(boolean condition, String what) {
    if (!condition) {
      throw new IllegalStateException("not so: " + what);
    }
  }

  /// Typical traffic, often enough to be worth compiling.
  private void use() throws Exception {
    for (String path : List.of("/ready", "/live", "/usage", "/nothing")) {
      get(path);
    }
    try (Client first = new Client();
        Client second = new Client()) {
      for (String channel : List.of("news", "private-news", "presence-news", "cache-news")) {
        first.subscribe(channel);
        second.subscribe(channel);
      }
      for (int i = 0; i < ROUNDS; i++) {
        publish(first, second, i);
      }
      second.send("{\"event\":\"pusher:unsubscribe\",\"data\":{\"channel\":\"news\"}}");
      second.subscribe("news");
    }
    for (String path : List.of("/channels", "/channels/news", "/channels/presence-news/users")) {
      ask("GET", path, "");
    }
  }

  private void publish(Client first, Client second, int i) throws Exception {
    String event = "\"name\":\"event\",\"data\":\"{\\\"number\\\":" + i + "}\"";
    ask("POST", "/events", "{\"channels\":[\"news\",\"private-news\"]," + event + "}");
    ask("POST", "/batch_events", "{\"batch\":[{\"channel\":\"presence-news\"," + event + "}]}");
    second.await("\"news\"");
    second.await("presence-news");
    if (i < 5) { // ten per second are allowed
      first.send("{\"event\":\"client-typing\",\"channel\":\"private-news\",\"data\":{}}");
      second.await("client-typing");
    }
    second.send("{\"event\":\"pusher:ping\",\"data\":{}}");
    second.await("pusher:pong");
  }

  private void get(String path) throws Exception {
    URI uri = URI.create("http://" + address + path);
    http.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
  }

  /// A signed request, which must be answered by 200.
  private void ask(String method, String path, String body) throws Exception {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    String full = "/apps/1" + path;
    String md5 = HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(bytes));
    String query =
        "auth_key=%s&auth_timestamp=%d&auth_version=1.0%s"
            .formatted(
                KEY, System.currentTimeMillis() / 1_000, body.isEmpty() ? "" : "&body_md5=" + md5);
    String signature = signature(method + "\n" + full + "\n" + query);
    URI uri = URI.create("http://" + address + full + "?" + query + "&auth_signature=" + signature);
    HttpRequest request =
        HttpRequest.newBuilder(uri)
            .header("Content-Type", "application/json")
            .method(method, HttpRequest.BodyPublishers.ofByteArray(bytes))
            .build();
    var response = http.send(request, HttpResponse.BodyHandlers.ofString());
    require(response.statusCode() == 200, path + " is answered by 200: " + response.body());
  }

  private static String signature(String text) throws GeneralSecurityException {
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(SECRET.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
    return HexFormat.of().formatHex(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
  }

  /// One WebSocket connection.
  private final class Client implements WebSocket.Listener, AutoCloseable {

    private final BlockingQueue<String> messages = new LinkedBlockingQueue<>();
    private final StringBuilder message = new StringBuilder();
    private final WebSocket socket;
    private final String socketId;

    Client() throws InterruptedException {
      URI uri = URI.create("ws://" + address + "/app/" + KEY + "?protocol=7&client=js");
      socket = http.newWebSocketBuilder().buildAsync(uri, this).join();
      Matcher id = SOCKET_ID.matcher(await("connection_established"));
      require(id.find(), "there is a socket id");
      socketId = id.group(1);
    }

    @Override
    public CompletionStage<?> onText(WebSocket socket, CharSequence part, boolean last) {
      message.append(part);
      if (last) {
        messages.add(message.toString());
        message.setLength(0);
      }
      socket.request(1);
      return null;
    }

    /// The next message that contains `part`; others are discarded.
    String await(String part) throws InterruptedException {
      String next;
      do {
        next = messages.poll(10, TimeUnit.SECONDS);
        require(next != null, "a message with " + part + " comes");
      } while (!next.contains(part));
      return next;
    }

    void send(String text) {
      socket.sendText(text, true).join();
    }

    void subscribe(String channel) throws Exception {
      String member = "{\"user_id\":\"" + socketId + "\"}";
      boolean isPresence = channel.startsWith("presence-");
      String signed = socketId + ":" + channel + (isPresence ? ":" + member : "");
      String auth = ",\"auth\":\"" + KEY + ":" + signature(signed) + "\"";
      String data = ",\"channel_data\":\"" + member.replace("\"", "\\\"") + "\"";
      boolean isPublic = !isPresence && !channel.startsWith("private-");
      send(
          "{\"event\":\"pusher:subscribe\",\"data\":{\"channel\":\""
              + channel
              + "\""
              + (isPublic ? "" : auth)
              + (isPresence ? data : "")
              + "}}");
      await("subscription_succeeded");
    }

    @Override
    public void close() {
      socket.sendClose(WebSocket.NORMAL_CLOSURE, "").join();
    }
  }
}
