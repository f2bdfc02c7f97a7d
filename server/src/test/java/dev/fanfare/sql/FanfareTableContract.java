package dev.fanfare.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fanfare.app.App;
import dev.fanfare.app.AppOptions;
import dev.fanfare.app.AppStore;
import dev.fanfare.app.CurrentApps;
import dev.fanfare.app.LiveApp;
import dev.fanfare.app.Lookup;
import dev.fanfare.app.Secret;
import dev.fanfare.app.WebhookEndpoint;
import dev.fanfare.config.AppRows;
import dev.fanfare.config.Config;
import dev.fanfare.config.ConfigReader;
import dev.fanfare.config.Reading;
import dev.fanfare.observe.NanoClock;
import dev.fanfare.protocol.Limits;
import dev.fanfare.protocol.Parsed;
import dev.fanfare.testing.SqlProcess;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Fanfare's table and soketi's in a real database: read, changed by operators, and changed by
/// others.
abstract class FanfareTableContract {

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final App APP =
      new App("1", "a-key", new Secret("a-secret"), AppOptions.DEFAULTS, Limits.HOSTED);
  private static final App RICH =
      APP.withOptions(AppOptions.DEFAULTS.withClientEvents(true).withCompression(true))
          .withLimits(Limits.HOSTED.withMaxPresenceMembers(200).withMaxConnections(7))
          .withPreviousSecret(new Secret("old-secret"))
          .withWebhooks(List.of(WebhookEndpoint.at("https://a.example/hook")));

  private @Nullable StoredApps stored;

  abstract SqlProcess database();

  @AfterEach
  void stop() {
    if (stored != null) {
      stored.close();
    }
  }

  /// Executes the file that the documentation names.
  void createTable() throws IOException {
    String name = database().kind().equals("mysql") ? "mysql.sql" : "postgres.sql";
    database().execute("DROP TABLE IF EXISTS fanfare_apps, fanfare_apps_version");
    for (int i = 0; i < 2; i++) { // it may be executed again
      try (InputStream in =
          Objects.requireNonNull(StoredApps.class.getResourceAsStream(name), name)) {
        String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
        String plain = text.replaceAll("(?m)^--.*$", "");
        String[] statements =
            database().kind().equals("mysql")
                ? plain.strip().split(";\\s*\n|;$")
                : new String[] {plain};
        database().execute(statements);
      }
    }
  }

  private AppStore open(String form) {
    Map<String, String> variables =
        Map.of(
            "FANFARE_APPS_FROM",
            database().kind(),
            "FANFARE_DATABASE_FORM",
            form,
            "FANFARE_DATABASE_PORT",
            String.valueOf(database().port()),
            "FANFARE_DATABASE_PASSWORD",
            SqlProcess.PASSWORD);
    Config config =
        switch (new ConfigReader(variables).read(null, Map.of())) {
          case Reading.Good good -> good.config();
          case Reading.Bad bad -> throw new AssertionError(bad.text());
        };
    CurrentApps current = new CurrentApps(List.of(), _ -> {});
    AppDatabase apps = new AppDatabase(config.database(), new AppRows(config));
    StoredApps opened = StoredApps.open(apps, current, NanoClock.SYSTEM, List.of());
    stored = opened;
    opened.start(new NoServer(current));
    await().atMost(PATIENCE).until(() -> opened.state().queries() > 0);
    return opened.store();
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

  private Lookup.Settled byKey(String key) {
    return switch (Objects.requireNonNull(stored).lookups().byKey(key)) {
      case Lookup.Settled settled -> settled;
      case Lookup.Later(var answer) -> answer.join();
    };
  }

  private static <T> AppStore.Answer<T> now(CompletionStage<AppStore.Answer<T>> stage) {
    return stage.toCompletableFuture().join();
  }

  private static void isDone(CompletionStage<AppStore.Answer<App>> stage, App app) {
    assertThat(now(stage)).isEqualTo(new AppStore.Answer.Done<>(app));
  }

  @Test
  void operatorsCreateChangeAndDeleteApps() throws IOException {
    createTable();
    AppStore store = open("fanfare");
    assertThat(store.checkChangeable()).isEqualTo(Parsed.PASSED);
    assertThat(byKey("a-key")).isEqualTo(Lookup.Unknown.UNKNOWN);
    isDone(store.create(RICH), RICH);
    LiveApp live = (LiveApp) byKey("a-key"); // not remembered as unknown
    assertThat(live.current()).isEqualTo(RICH);
    isDone(store.find("1"), RICH);
    App disabled = RICH.withOptions(RICH.options().withEnabled(false));
    isDone(store.change("1", _ -> new Parsed.Ok<>(disabled)), disabled);
    assertThat(live.current()).isEqualTo(disabled);
    isDone(store.delete("1"), disabled);
    assertThat(live.isRemoved()).isTrue();
    assertThat(now(store.find("1"))).isInstanceOf(AppStore.Answer.NotFound.class);
    assertThat(now(store.delete("1"))).isInstanceOf(AppStore.Answer.NotFound.class);
  }

  @Test
  void contradictionsAreRefusedAndChangeNothing() throws IOException {
    createTable();
    AppStore store = open("fanfare");
    isDone(store.create(APP), APP);
    App other = APP.withId("2").withKey("b-key");
    isDone(store.create(other), other);
    assertThat(now(store.create(APP.withKey("c-key"))))
        .isEqualTo(new AppStore.Answer.Conflict<>("there is an app with the id 1"));
    assertThat(now(store.create(APP.withId("3"))))
        .isEqualTo(new AppStore.Answer.Conflict<>("app 1 has the key a-key"));
    assertThat(now(store.change("2", app -> new Parsed.Ok<>(app.withKey("a-key")))))
        .isEqualTo(new AppStore.Answer.Conflict<>("app 1 has the key a-key"));
    assertThat(now(store.change("2", _ -> new Parsed.Bad<>("no"))))
        .isEqualTo(new AppStore.Answer.Invalid<>("no"));
    isDone(store.find("2"), other);
    AppStore.Page first = page(store, "", 1);
    assertThat(first).isEqualTo(new AppStore.Page(List.of(APP), "1"));
    assertThat(page(store, "1", 5)).isEqualTo(new AppStore.Page(List.of(other), null));
  }

  private static AppStore.Page page(AppStore store, String after, int limit) {
    return switch (now(store.list(after, limit))) {
      case AppStore.Answer.Done<AppStore.Page>(AppStore.Page page) -> page;
      case AppStore.Answer<AppStore.Page> other -> throw new AssertionError(other);
    };
  }

  @Test
  void changesByOthersAreCountedAndFollowed() throws IOException {
    createTable();
    AppStore store = open("fanfare");
    isDone(store.create(APP), APP);
    LiveApp live = (LiveApp) byKey("a-key");
    database().execute("UPDATE fanfare_apps SET secret = 'another-secret' WHERE id = '1'");
    await().atMost(PATIENCE).until(() -> live.current().secret().reveal().equals("another-secret"));
    assertThat(database().ask("SELECT version FROM fanfare_apps")).isEqualTo("2");
    database().execute("DELETE FROM fanfare_apps");
    await().atMost(PATIENCE).until(live::isRemoved);
  }

  @Test
  void soketisTableIsChangedAsFarAsItHasColumns() {
    new SoketiTable(database()).create();
    AppStore store = open("soketi");
    App simple = APP.withOptions(AppOptions.DEFAULTS.withClientEvents(true));
    assertThat(now(store.create(simple))).isInstanceOf(AppStore.Answer.Done.class);
    LiveApp live = (LiveApp) byKey("a-key");
    assertThat(live.current().options()).isEqualTo(simple.options());
    assertThat(live.current().limits().maxEventBytes()).isEqualTo(10_240);
    assertThat(now(store.change("1", app -> new Parsed.Ok<>(app.withSecret(new Secret("new"))))))
        .isInstanceOf(AppStore.Answer.Done.class);
    assertThat(live.current().secret()).isEqualTo(new Secret("new"));
    assertThat(now(store.create(RICH.withId("2").withKey("b-key"))))
        .isEqualTo(
            new AppStore.Answer.Invalid<>(
                "the table has no column for compression, previousSecret"));
    assertThat(now(store.delete("1"))).isInstanceOf(AppStore.Answer.Done.class);
    assertThat(live.isRemoved()).isTrue();
  }
}
