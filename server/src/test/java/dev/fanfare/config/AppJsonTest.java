package dev.fanfare.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.app.App;
import dev.fanfare.app.AppFormat;
import dev.fanfare.config.schema.AppSchema;
import dev.fanfare.config.schema.Draft;
import dev.fanfare.config.schema.EndpointSchema;
import dev.fanfare.config.schema.HistorySchema;
import dev.fanfare.config.schema.Option;
import dev.fanfare.protocol.Parsed;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Apps as JSON: what is written is read as an equal app, and what is wrong is named.
final class AppJsonTest {

  /// Nothing is at its default.
  private static final String FULL =
      """
      {"id":"1","key":"abc","secret":"first-secret","previous_secret":"older-secret",
       "enabled":false,"client_events":true,"subscription_counts":true,"watchlists":true,
       "authorized_connections_only":true,"authorization_timeout_seconds":7,
       "allowed_origins":["example.com","*.example.org"],"compression":true,"slow_readers":"drop",
       "first_subscription_timeout_seconds":8,"replay_protection":true,
       "limits":{"max_connections":1,"max_subscriptions":2,
        "max_subscription_changes_per_second":3,"max_channel_name_chars":4,
        "max_event_name_chars":5,"max_event_bytes":6,"max_channels_per_event":7,
        "max_batch_events":8,"max_client_events_per_second":9,"max_presence_members":11,
        "max_presence_member_bytes":12,"max_user_id_chars":13,"max_watchlist":14,
        "cache_ttl_seconds":15,"max_cache_bytes":16,"max_http_events_per_second":17,
        "max_http_reads_per_second":18},
       "webhooks":[
        {"url":"https://example.com/hook?token=url-secret","events":["channel_occupied"],
         "headers":{"Authorization":"header-secret"},
         "channels":{"prefix":"a","suffix":"b","pattern":"a.*b"},
         "exclude":{"prefix":"c","suffix":"d","pattern":"c.*d"}}],
       "history":[
        {"replay":"rewind","store":"memory","keep_events":50,"keep_seconds":51,"keep_bytes":2000,
         "rewind_events":5,"rewind_seconds":6,"resume_seconds":7,"replay_events":8,
         "identify":["tag","cookie"],"client_events":true,"presence_events":true,
         "event_ids":false,"id_in_data":"event_id",
         "channels":{"prefix":"presence-","suffix":"f","pattern":"presence-.*"}}]}
      """;

  private static final List<String> SECRETS =
      List.of("first-secret", "older-secret", "url-secret", "header-secret");

  private final AppJson format = new AppJson(Draft.empty(), new Random(1));

  private App app(String json) {
    return switch (format.read(json)) {
      case Parsed.Ok<App>(App app) -> app;
      case Parsed.Bad<App>(String reason) -> throw new AssertionError(reason);
    };
  }

  private App changed(App app, String patch) {
    return switch (format.change(app, patch)) {
      case Parsed.Ok<App>(App changed) -> changed;
      case Parsed.Bad<App>(String reason) -> throw new AssertionError(reason);
    };
  }

  private static <T> String reason(Parsed<T> parsed) {
    return parsed instanceof Parsed.Bad<T>(String reason) ? reason : "nothing is wrong";
  }

  @Test
  void whatIsWrittenIsReadAsAnEqualApp() {
    App app = app(FULL);
    assertThat(app(format.write(app))).isEqualTo(app);
    App small = app("{\"id\":1,\"key\":\"k\",\"secret\":\"s\"}");
    assertThat(format.write(small))
        .isEqualTo(
            "{\"id\":\"1\",\"key\":\"k\",\"secret\":\"s\",\"limits\":{},\"webhooks\":[],"
                + "\"history\":[]}");
    assertThat(app(format.write(small))).isEqualTo(small);
  }

  @Test
  void everyOptionIsWritten() {
    String written = format.write(app(FULL));
    String shown = format.show(app(FULL));
    for (List<Option<?>> schema : List.of(AppSchema.ALL, EndpointSchema.ALL, HistorySchema.ALL)) {
      for (Option<?> option : schema) {
        String name = "\"" + option.key().substring(option.key().lastIndexOf('.') + 1) + "\":";
        boolean isFile = !option.key().equals(option.slot());
        boolean isDefault =
            List.of("store", "new_reader").contains(option.key()); // what a rewind needs
        if (!isFile && !isDefault) {
          assertThat(written).contains(name);
        }
        if (!option.slot().contains("secret") && !option.key().equals("new_reader")) {
          assertThat(shown).contains(name);
        }
      }
    }
  }

  @Test
  void whatIsShownHasNoSecret() {
    assertThat(format.show(app(FULL)))
        .doesNotContain(SECRETS)
        .contains("\"url\":\"https://example.com/hook?********\"")
        .contains("\"headers\":{\"Authorization\":\"********\"}");
  }

  @Test
  void aPatchChangesWhatItNames() {
    App app = app(FULL);
    App changed =
        changed(
            app,
            "{\"enabled\":true,\"limits\":{\"max_connections\":77,\"max_watchlist\":null},"
                + "\"previous_secret\":null,\"history\":null}");
    assertThat(changed.options().enabled()).isTrue();
    assertThat(changed.limits())
        .isEqualTo(app.limits().withMaxConnections(77).withMaxWatchlist(100));
    assertThat(changed.previousSecret()).isNull();
    assertThat(changed.history()).isEmpty();
    assertThat(changed.webhooks()).isEqualTo(app.webhooks());
    assertThat(changed(app, "{}")).isEqualTo(app);
    assertThat(changed(app, "")).isEqualTo(app);
  }

  @Test
  void whatWasShownCanBeSentBack() {
    App app = app(FULL);
    assertThat(changed(app, format.show(app))).isEqualTo(app);
    String other = format.show(app).replace("example.com/hook", "example.com/other");
    assertThat(reason(format.change(app, other)))
        .isEqualTo(
            "app.webhooks: a webhook has the header Authorization with asterisks in place of a"
                + " value; send the value");
    assertThat(reason(format.create("{\"webhooks\":[{\"url\":\"http://a/?********\"}]}")))
        .isEqualTo(
            "app.webhooks: a webhook has a URL with asterisks in place of a value; send the value");
  }

  @Test
  void whatIdentifiesANewAppIsGenerated() {
    Parsed<AppFormat.NewApp> parsed = format.create("{\"client_events\":true}");
    assertThat(parsed).isInstanceOf(Parsed.Ok.class);
    AppFormat.NewApp created = ((Parsed.Ok<AppFormat.NewApp>) parsed).value();
    assertThat(created.hasNewId()).isTrue();
    assertThat(created.hasNewSecret()).isTrue();
    assertThat(created.app().id()).matches("[0-9]{6,7}");
    assertThat(created.app().key()).matches("[0-9a-f]{20}");
    assertThat(created.app().secret().reveal()).matches("[0-9a-f]{40}");
    assertThat(created.app().options().clientEvents()).isTrue();
    assertThat(format.newSecret()).isNotEqualTo(created.app().secret());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'limits':{'max_connections':-1}}|body:1:30: app.limits.max_connections is \"-1\", but"
            + " must be a whole number from 0 to 1000000000",
        "{'client_event':true}|body:1:2: app.client_event is not known; did you mean"
            + " app.client_events?",
        "{'id':'a b'}|body:1:7: app.id is a text with spaces or one of \":;=@\" (value hidden), but"
            + " must be 1 to 100 letters, digits or characters of \"_.~-\"",
        "{'secret':''}|body:1:11: app.secret is empty, but must be a text without control"
            + " characters, and without spaces around it",
        "{'secret_file':'/etc/passwd'}|body:1:2: app.secret_file names a file of the server, which"
            + " is not accepted here; send the secret",
        "{'authorization_timeout_seconds':5}|body:1:34: app.authorization_timeout_seconds is 5, but"
            + " has no effect, since app.authorized_connections_only is false (the default)",
        "{'history':[{'store':'shared'}]}|body:1:22: app.history[0].store is shared, but"
            + " cluster.bus is none",
        "{'limits':{'max_event_bytes':99999999}}|body:1:30: app.limits.max_event_bytes is 99999999,"
            + " which may take 200004094 bytes, but server.max_pending_bytes is",
      })
  void whatIsWrongWithANewAppIsNamed(String json, String reason) {
    assertThat(reason(format.create(json.replace('\'', '"')))).startsWith(reason);
  }

  @ParameterizedTest
  @ValueSource(strings = {"[]", "1", "{", "{} {}", "\"a\"", "\u0000", "{\"a\":1,\"a\":2}"})
  void whatIsNoObjectIsRefused(String json) {
    assertThat(format.create(json)).isInstanceOf(Parsed.Bad.class);
    assertThat(format.read(json)).isInstanceOf(Parsed.Bad.class);
    assertThat(format.change(app(FULL), json)).isInstanceOf(Parsed.Bad.class);
  }

  @Test
  void theIdStays() {
    assertThat(reason(format.change(app(FULL), "{\"id\":\"2\"}")))
        .isEqualTo("app.id is \"2\", but the id of an app cannot be changed");
  }
}
