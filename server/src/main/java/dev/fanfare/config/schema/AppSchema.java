package dev.fanfare.config.schema;

import dev.fanfare.app.App;
import dev.fanfare.app.AppBuilder;
import dev.fanfare.app.AppOptions;
import dev.fanfare.app.AppOptionsBuilder;
import dev.fanfare.app.Secret;
import dev.fanfare.app.SlowReaders;
import dev.fanfare.config.value.Kind;
import dev.fanfare.config.value.NameText;
import dev.fanfare.config.value.OriginList;
import dev.fanfare.config.value.SecretFile;
import dev.fanfare.config.value.SecretText;
import java.util.List;
import java.util.stream.Stream;

/// The options of one app: keys of an entry of `apps:`, variables `FANFARE_APP_…` and
/// `FANFARE_APPS_0_…`. Its numeric limits are in [LimitsSchema], its webhooks in [EndpointSchema],
/// its rules for history in [HistorySchema].
public final class AppSchema {

  private static final AppOptions DEFAULTS = AppOptions.DEFAULTS;
  private static final Kind<Boolean> ON_OFF = new Kind.OnOff();
  private static final Kind<String> NAME = new NameText();

  public static final Option<String> ID =
      Option.of(
          "id",
          NAME,
          null,
          "Identifies the app in requests to the HTTP API. Only digits work with every server"
              + " SDK.");

  public static final Option<String> KEY =
      Option.of(
          "key",
          NAME,
          null,
          "Identifies the app to clients; public. Without upper case it works with every client.");

  public static final Option<Secret> SECRET =
      Option.of(
          "secret",
          new SecretText(true),
          null,
          "Signs requests and subscriptions; for servers only. Set either this or `secret_file`.");

  static final Option<Secret> SECRET_FILE =
      new Option<>(
          "secret_file",
          "secret",
          new SecretFile(true),
          null,
          "File that contains the secret and nothing else. White space around it is ignored; a"
              + " relative path starts at the working directory.",
          true);

  public static final Option<Secret> PREVIOUS_SECRET =
      Option.of(
          "previous_secret",
          new SecretText(true),
          null,
          "Accepted in addition to the secret, so that the secret can be changed while servers"
              + " still sign with the old one. Never used for signing. Set either this or"
              + " `previous_secret_file`.");

  static final Option<Secret> PREVIOUS_SECRET_FILE =
      new Option<>(
          "previous_secret_file",
          "previous_secret",
          new SecretFile(true),
          null,
          "File that contains the previous secret, as `secret_file` does.",
          true);

  public static final Option<Boolean> ENABLED =
      Option.of(
          "enabled",
          ON_OFF,
          DEFAULTS.enabled(),
          "`false` refuses connections with 4003 and requests with 403.");

  public static final Option<Boolean> CLIENT_EVENTS =
      Option.of(
          "client_events",
          ON_OFF,
          DEFAULTS.clientEvents(),
          "Clients may send events to each other on private and presence channels.");

  public static final Option<Boolean> SUBSCRIPTION_COUNTS =
      Option.of(
          "subscription_counts",
          ON_OFF,
          DEFAULTS.subscriptionCounts(),
          "Channels notify their subscribers of the number of subscribers.");

  static final Option<Boolean> WATCHLISTS =
      Option.of(
          "watchlists",
          ON_OFF,
          DEFAULTS.watchlists(),
          "Signed-in users are notified when the users on their watchlist go online or offline.");

  public static final Option<Boolean> AUTHORIZED_CONNECTIONS_ONLY =
      Option.of(
          "authorized_connections_only",
          ON_OFF,
          DEFAULTS.authorizedConnectionsOnly(),
          "Closes a connection with 4009 if it neither signs in nor joins a private or presence"
              + " channel in time.");

  public static final Option<Integer> AUTHORIZATION_TIMEOUT_SECONDS =
      Option.of(
          "authorization_timeout_seconds",
          new Kind.Whole(1, 3_600),
          DEFAULTS.authorizationTimeoutSeconds(),
          "Seconds that `authorized_connections_only` allows.");

  public static final Option<List<String>> ALLOWED_ORIGINS =
      Option.of(
          "allowed_origins",
          new OriginList(),
          DEFAULTS.allowedOrigins(),
          "Origins of browser pages that may connect; empty allows every origin. Pages on the host"
              + " that clients connect to are always allowed. Other clients are not affected."
              + " Separate them with commas in a variable.");

  static final Option<Boolean> COMPRESSION =
      Option.of(
          "compression",
          ON_OFF,
          DEFAULTS.compression(),
          "Compresses events (`permessage-deflate`) for clients that offer it, as browsers do. Each"
              + " event is compressed once for all of them.");

  static final Option<SlowReaders> SLOW_READERS =
      Option.of(
          "slow_readers",
          new Kind.Choice<>(SlowReaders.class),
          DEFAULTS.slowReaders(),
          "What happens to a connection with more than `max_pending_bytes` queued: `disconnect`"
              + " closes it with 4100, `drop` skips events until it has caught up, and then sends"
              + " those that a rule for history keeps.");

  static final Option<Integer> FIRST_SUBSCRIPTION_TIMEOUT_SECONDS =
      Option.of(
          "first_subscription_timeout_seconds",
          new Kind.Whole(0, 3_600),
          DEFAULTS.firstSubscriptionTimeoutSeconds(),
          "Seconds within which a new connection must subscribe to a channel, or it is closed with"
              + " 4009; 0 for no limit.");

  static final Option<Boolean> REPLAY_PROTECTION =
      Option.of(
          "replay_protection",
          ON_OFF,
          DEFAULTS.replayProtection(),
          "Accepts each signature of the HTTP API only once; a repeated one gets 401. Two identical"
              + " requests in the same second have the same signature. Up to 500,000 signatures"
              + " (about 30 MB) are remembered; above this limit, the older half is forgotten"
              + " early.");

  public static final List<Option<?>> OWN =
      List.of(
          ID,
          KEY,
          SECRET,
          SECRET_FILE,
          PREVIOUS_SECRET,
          PREVIOUS_SECRET_FILE,
          ENABLED,
          CLIENT_EVENTS,
          SUBSCRIPTION_COUNTS,
          WATCHLISTS,
          AUTHORIZED_CONNECTIONS_ONLY,
          AUTHORIZATION_TIMEOUT_SECONDS,
          ALLOWED_ORIGINS,
          COMPRESSION,
          SLOW_READERS,
          FIRST_SUBSCRIPTION_TIMEOUT_SECONDS,
          REPLAY_PROTECTION);

  public static final List<Option<?>> ALL =
      Stream.concat(OWN.stream(), LimitsSchema.ALL.stream()).toList();

  private AppSchema() {}

  public static App app(Section app) {
    Setting<Secret> previous = app.find(PREVIOUS_SECRET);
    return AppBuilder.builder()
        .id(app.get(ID))
        .key(app.get(KEY))
        .secret(app.get(SECRET))
        .options(options(app))
        .limits(LimitsSchema.limits(app))
        .previousSecret(previous == null ? null : previous.value())
        .webhooks(app.webhooks().stream().map(EndpointSchema::endpoint).toList())
        .history(app.history().stream().map(HistorySchema::rule).toList())
        .build();
  }

  private static AppOptions options(Section app) {
    return AppOptionsBuilder.builder()
        .enabled(app.get(ENABLED))
        .clientEvents(app.get(CLIENT_EVENTS))
        .subscriptionCounts(app.get(SUBSCRIPTION_COUNTS))
        .watchlists(app.get(WATCHLISTS))
        .authorizedConnectionsOnly(app.get(AUTHORIZED_CONNECTIONS_ONLY))
        .authorizationTimeoutSeconds(app.get(AUTHORIZATION_TIMEOUT_SECONDS))
        .allowedOrigins(app.get(ALLOWED_ORIGINS))
        .compression(app.get(COMPRESSION))
        .slowReaders(app.get(SLOW_READERS))
        .firstSubscriptionTimeoutSeconds(app.get(FIRST_SUBSCRIPTION_TIMEOUT_SECONDS))
        .replayProtection(app.get(REPLAY_PROTECTION))
        .build();
  }
}
