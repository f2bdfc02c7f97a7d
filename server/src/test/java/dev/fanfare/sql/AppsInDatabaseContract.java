package dev.fanfare.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.pusher.client.Pusher;
import com.pusher.client.PusherOptions;
import dev.fanfare.app.App;
import dev.fanfare.app.AppOptions;
import dev.fanfare.app.CurrentApps;
import dev.fanfare.app.Lookup;
import dev.fanfare.app.Secret;
import dev.fanfare.app.WebhookEndpoint;
import dev.fanfare.bus.LocalBus;
import dev.fanfare.config.AppRows;
import dev.fanfare.config.Config;
import dev.fanfare.config.ConfigReader;
import dev.fanfare.config.Reading;
import dev.fanfare.node.FanfareServer;
import dev.fanfare.observe.NanoClock;
import dev.fanfare.observe.ServerListener;
import dev.fanfare.protocol.Limits;
import dev.fanfare.testing.Api;
import dev.fanfare.testing.RawSocket;
import dev.fanfare.testing.Receiver;
import dev.fanfare.testing.Relay;
import dev.fanfare.testing.ServerProcess;
import dev.fanfare.testing.SqlProcess;
import dev.fanfare.testing.TestNode;
import dev.fanfare.webhook.outbox.Outbox;
import dev.fanfare.webhook.outbox.Outboxes;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A server over a real database with soketi's table.
abstract class AppsInDatabaseContract {

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String SECRET = "a-secret-of-the-app";

  @TempDir Path data;

  private @Nullable FanfareServer server;
  private SoketiTable table;

  abstract SqlProcess database();

  /// The number of look-ups that the database has counted.
  abstract long selects();

  @BeforeEach
  void createTable() {
    table = new SoketiTable(database());
    table.create();
  }

  @AfterEach
  void stop() {
    if (server != null) {
      server.close();
    }
  }

  private Config config(int port) {
    Map<String, String> variables = new HashMap<>(variables(port));
    return switch (new ConfigReader(variables).read(null, Map.of())) {
      case Reading.Good good -> good.config();
      case Reading.Bad bad -> throw new AssertionError(bad.text());
    };
  }

  private Map<String, String> variables(int port) {
    return Map.of(
        "FANFARE_APPS_FROM",
        database().kind(),
        "FANFARE_DATABASE_FORM",
        "soketi",
        "FANFARE_DATABASE_PORT",
        String.valueOf(port),
        "FANFARE_DATABASE_PASSWORD",
        SqlProcess.PASSWORD);
  }

  private void start() throws IOException {
    start(database().port());
  }

  private void start(int port) throws IOException {
    start(port, Outboxes.inMemory(10));
  }

  private void start(int port, Outbox outbox) throws IOException {
    Config config = config(port);
    AppDatabase apps = new AppDatabase(config.database(), new AppRows(config));
    server =
        FanfareServer.start(
            TestNode.PARTS.withDatabase(apps),
            List.of(),
            FanfareServer.Clocks.SYSTEM,
            ServerListener.NONE,
            outbox,
            new LocalBus());
  }

  private int port() {
    return Objects.requireNonNull(server).port();
  }

  private static App app(String id, String key) {
    return new App(id, key, new Secret(SECRET), AppOptions.DEFAULTS, Limits.HOSTED);
  }

  private RawSocket connect(String key) throws IOException {
    return RawSocket.established(port(), key);
  }

  /// How a connection with this key is refused.
  private RawSocket.Frame refused(String key) throws IOException {
    try (RawSocket socket = RawSocket.upgraded(port(), "/app/" + key + "?protocol=7")) {
      return socket.nextClose();
    }
  }

  private HttpResponse<String> publish(String id, String key) throws IOException {
    try (Api api = new Api(port(), app(id, key))) {
      return api.post("/events", "{\"name\":\"e\",\"channels\":[\"c\"],\"data\":\"d\"}");
    }
  }

  private String ready() throws IOException, InterruptedException {
    try (HttpClient client = HttpClient.newHttpClient()) {
      URI uri = URI.create("http://127.0.0.1:" + port() + "/ready");
      HttpResponse<String> response =
          client.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
      return response.statusCode() + " " + response.body();
    }
  }

  @Test
  void theOfficialClientAndTheApiUseAnAppOfTheTable() throws Exception {
    table.insert("1", "first", SECRET);
    start();
    BlockingQueue<String> events = new LinkedBlockingQueue<>();
    PusherOptions options =
        new PusherOptions().setHost("127.0.0.1").setWsPort(port()).setUseTLS(false);
    Pusher client = new Pusher("first", options);
    client.subscribe("c").bind("e", event -> events.add(event.getData()));
    client.connect();
    try {
      await()
          .atMost(PATIENCE)
          .untilAsserted(() -> {
            assertThat(publish("1", "first").statusCode()).isEqualTo(200);
            assertThat(events.poll(1, TimeUnit.SECONDS)).isEqualTo("d");
          });
    } finally {
      client.disconnect();
    }
  }

  @Test
  void unknownAndInvalidOnesAreRefusedWithAReason() throws Exception {
    table.insert("1", "first", SECRET);
    table.insert("2", "second", SECRET);
    table.set("2", "max_backend_events_per_sec = 0");
    table.insert("3", "third", SECRET);
    table.insert("4", "third", SECRET);
    start();
    connect("first").close();
    assertThat(refused("none").closeCode()).isEqualTo(4001);
    assertThat(publish("99", "none").statusCode()).isEqualTo(404);
    RawSocket.Frame invalid = refused("second");
    assertThat(invalid.closeCode()).isEqualTo(4100);
    assertThat(invalid.closeReason()).contains("its row in the database is not used");
    HttpResponse<String> answer = publish("2", "second");
    assertThat(answer.statusCode()).isEqualTo(503);
    assertThat(answer.body()).contains("max_backend_events_per_sec is \"0\"");
    assertThat(publish("3", "third").statusCode()).isEqualTo(200);
    assertThat(publish("4", "third").body()).contains("its key is that of app 3");
  }

  @Test
  void changesAreAppliedWithoutDisconnectingAnyone() throws Exception {
    table.insert("1", "first", SECRET);
    table.insert("2", "second", SECRET);
    start();
    try (RawSocket stays = connect("first");
        RawSocket disabled = connect("second")) {
      stays.subscribe("c");
      stays.nextTextContaining("subscription_succeeded");
      table.set("1", "secret = 'another-secret'");
      table.set("2", "enabled = 0");
      disabled.patience(PATIENCE);
      assertThat(disabled.nextClose().closeCode()).isEqualTo(4003);
      await().atMost(PATIENCE).until(() -> publish("1", "first").statusCode() == 401);
      table.set("1", "secret = '" + SECRET + "'");
      await().atMost(PATIENCE).until(() -> publish("1", "first").statusCode() == 200);
      assertThat(stays.nextTextContaining("\"event\"")).contains("\"e\"");
      table.delete("1");
      stays.patience(PATIENCE);
      assertThat(stays.nextClose().closeCode()).isEqualTo(4001);
    }
  }

  @Test
  void withTheDatabaseKilledKnownAppsWorkAndItRecoversByItself() throws Exception {
    table.insert("1", "first", SECRET);
    table.insert("2", "second", SECRET);
    start();
    assertThat(ready()).isEqualTo("200 OK");
    try (RawSocket socket = connect("first")) {
      socket.subscribe("c");
      socket.nextTextContaining("subscription_succeeded");
      database().process().kill();
      RawSocket.Frame refusal = refused("second");
      assertThat(refusal.closeCode()).isEqualTo(4100);
      assertThat(refusal.closeReason())
          .isEqualTo("The app cannot be looked up: the database does not answer");
      HttpResponse<String> answer = publish("2", "second");
      assertThat(answer.statusCode()).isEqualTo(503);
      assertThat(answer.body()).contains("the database does not answer");
      assertThat(answer.headers().firstValue("Retry-After")).isPresent();
      assertThat(ready()).startsWith("200 OK\ndegraded: the database of apps does not answer");
      connect("first").close();
      assertThat(publish("1", "first").statusCode()).isEqualTo(200);
      socket.nextTextContaining("\"e\"");
      database().restart();
      await().atMost(PATIENCE).until(() -> publish("2", "second").statusCode() == 200);
      assertThat(ready()).isEqualTo("200 OK");
      assertThat(publish("1", "first").statusCode()).isEqualTo(200);
      socket.nextTextContaining("\"e\"");
    }
  }

  @Test
  void aDatabaseThatHangsHoldsUpNobodyForLong() throws Exception {
    table.insert("1", "first", SECRET);
    table.insert("2", "second", SECRET);
    try (Relay relay = new Relay(database().port())) {
      start(relay.port());
      connect("first").close();
      relay.silence();
      try (RawSocket socket = RawSocket.upgraded(port(), "/app/second?protocol=7")) {
        socket.patience(PATIENCE);
        assertThat(socket.nextClose().closeCode()).isEqualTo(4100);
      }
      connect("first").close();
      assertThat(publish("1", "first").statusCode()).isEqualTo(200);
      relay.restore();
      await().atMost(PATIENCE).until(() -> publish("2", "second").statusCode() == 200);
    }
  }

  @Test
  void aSlowDatabaseSlowsDownNobodyButThoseWhoWaitForIt() throws Exception {
    table.insert("1", "first", SECRET);
    table.insert("2", "second", SECRET);
    try (Relay relay = new Relay(database().port())) {
      start(relay.port());
      connect("first").close();
      relay.slowDown(Duration.ofMillis(200));
      assertThat(publish("1", "first").statusCode()).isEqualTo(200);
      await().atMost(PATIENCE).until(() -> publish("2", "second").statusCode() == 200);
      connect("second").close();
      connect("first").close();
      table.set("2", "secret = 'another-secret'");
      await().atMost(PATIENCE).until(() -> publish("2", "second").statusCode() == 401);
    }
  }

  /// Webhooks of before the start wait for it, too.
  @Test
  void aServerStartsWithoutItsDatabaseAndIsNotReadyUntilItAnswers() throws Exception {
    table.insert("1", "first", SECRET);
    try (Relay relay = new Relay(database().port());
        Receiver receiver = new Receiver()) {
      Outbox outbox = Outboxes.inMemory(10);
      String hook = "{\"url\":\"" + receiver.url() + "\",\"event_types\":[\"channel_occupied\"]}";
      table.set("1", "webhooks = '[" + hook + "]'");
      String endpoint = WebhookEndpoint.at(receiver.url()).id();
      String event = "{\"name\":\"channel_occupied\",\"channel\":\"c\"}";
      long nowMs = System.currentTimeMillis();
      var _ = outbox.accept(List.of(new Outbox.Draft("1", endpoint, "c", nowMs, event)));
      relay.moveTo(1);
      start(relay.port(), outbox);
      await().atMost(PATIENCE).until(() -> ready().startsWith("503"));
      assertThat(ready()).contains("The database of apps has not answered yet");
      assertThat(refused("first").closeCode()).isEqualTo(4100);
      assertThat(outbox.counts().pending()).isEqualTo(1);
      relay.moveTo(database().port());
      await().atMost(PATIENCE).until(() -> ready().equals("200 OK"));
      connect("first").close();
      await().atMost(PATIENCE).until(() -> outbox.counts().delivered() == 1);
      assertThat(receiver.nextEvent()).isEqualTo("channel_occupied c");
    }
  }

  /// Counted by the database itself, over a time that is measured.
  @Test
  void aFloodOfUnknownKeysCostsTheDatabaseTenQueriesPerSecondAtMost() throws Exception {
    table.insert("1", "first", SECRET);
    Config config = config(database().port());
    CurrentApps current = new CurrentApps(List.of(), _ -> {});
    AppDatabase apps = new AppDatabase(config.database(), new AppRows(config));
    try (StoredApps stored = StoredApps.open(apps, current, NanoClock.SYSTEM, List.of())) {
      stored.start(new NoServer(current));
      await().atMost(PATIENCE).until(() -> stored.state().queries() > 0);
      long before = selects();
      long startNs = System.nanoTime();
      int asked = 0;
      while (System.nanoTime() - startNs < TimeUnit.SECONDS.toNanos(2)) {
        for (int i = 0; i < 20; i++) {
          Lookup _ = stored.lookups().byKey("unknown-" + asked++);
        }
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
      }
      Lookup known = stored.lookups().byKey("first");
      double seconds = (System.nanoTime() - startNs) / 1e9;
      long selects = selects() - before;
      assertThat(asked).isGreaterThan(1_000);
      assertThat((double) selects).isBetween(1.0, 10 * seconds);
      assertThat(known).isInstanceOfAny(Lookup.Later.class, Lookup.Failed.class);
    }
  }

  private record NoServer(CurrentApps current) implements StoredApps.Links {
    @Override
    public void apply(List<App> apps) {
      current.replace(apps);
    }

    @Override
    public Set<String> inUse(Collection<App> apps) {
      return Set.of();
    }

    @Override
    public void away(boolean hasAnswered) {}

    @Override
    public void here() {}

    @Override
    public void loaded() {}
  }

  /// As soketi was started, with nothing changed but the program; only the folder is the test's.
  @Test
  void soketisOwnVariablesStartTheProgram() throws Exception {
    table.insert("1", "first", SECRET);
    String kind = database().kind().toUpperCase(Locale.ROOT);
    Map<String, String> env = new HashMap<>();
    env.put("FANFARE_WEBHOOKS_DATA_DIR", data.toString());
    env.put("SOKETI_APP_MANAGER_DRIVER", database().kind());
    env.put("SOKETI_APP_MANAGER_" + kind + "_TABLE", "apps");
    env.put("SOKETI_APP_MANAGER_CACHE_ENABLED", "true");
    env.put("SOKETI_DB_" + kind + "_HOST", "127.0.0.1");
    env.put("SOKETI_DB_" + kind + "_PORT", String.valueOf(database().port()));
    env.put("SOKETI_DB_" + kind + "_USERNAME", SqlProcess.USER);
    env.put("SOKETI_DB_" + kind + "_PASSWORD", SqlProcess.PASSWORD);
    env.put("SOKETI_DB_" + kind + "_DATABASE", SqlProcess.DATABASE);
    env.put("SOKETI_DB_POOLING_ENABLED", "true");
    env.put("SOKETI_DB_POOLING_MAX", "3");
    Process process = ServerProcess.start((int) PATIENCE.toSeconds() * 2, env);
    try {
      int port = ServerProcess.port(process);
      try (RawSocket socket = ServerProcess.connect(port, "first")) {
        socket.subscribe("c");
        socket.nextTextContaining("subscription_succeeded");
      }
    } finally {
      process.destroyForcibly();
    }
  }
}
