package dev.fanfare.config.foreign;

import dev.fanfare.config.foreign.Family.Idle;
import dev.fanfare.config.foreign.Family.Presumed;
import dev.fanfare.config.foreign.Family.Unsupported;
import dev.fanfare.config.schema.AppSchema;
import dev.fanfare.config.schema.LimitsSchema;
import dev.fanfare.config.schema.MetricsSchema;
import dev.fanfare.config.schema.ServerSchema;
import dev.fanfare.config.schema.TlsSchema;
import dev.fanfare.config.schema.WebhooksSchema;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/// The configuration names of soketi 1.6: variables `SOKETI_…`, and the keys of its JSON file.
final class SoketiNames {

  private static final String UNASKED =
      "nodes hold the state of all, so none asks another and waits";
  private static final String KEYLESS =
      "nothing is stored in Redis, and its channels belong to no database";
  private static final String OPTIONS =
      "connection options of ioredis have no counterpart; FANFARE_CLUSTER_REDIS_URLS may have"
          + " rediss:// for TLS";
  private static final String DATABASE =
      "only SOKETI_APP_MANAGER_DRIVER=mysql or postgres needs it";
  private static final String VERSION = "the driver finds the version of the server out";
  private static final String POOL = "connections are opened when they are needed";

  private static final List<Alias> SERVER =
      List.of(
          Alias.server("HOST", ServerSchema.HOST, Conversion.SAME).path("host"),
          Alias.server("PORT", ServerSchema.PORT, Conversion.SAME).path("port"),
          Alias.server("PATH_PREFIX", ServerSchema.PATH_PREFIX, Conversion.PATH).path("pathPrefix"),
          Alias.server("DEBUG", ServerSchema.LOG_LEVEL, Conversion.VERBOSE).path("debug"),
          Alias.server("SHUTDOWN_GRACE_PERIOD", ServerSchema.DRAIN_SECONDS, Conversion.MILLISECONDS)
              .path("shutdownGracePeriod"),
          Alias.server("METRICS_ENABLED", MetricsSchema.METRICS, Conversion.SWITCH)
              .path("metrics.enabled"),
          Alias.server("METRICS_HOST", MetricsSchema.METRICS_HOST, Conversion.SAME)
              .path("metrics.host"),
          Alias.server("METRICS_SERVER_PORT", MetricsSchema.METRICS_PORT, Conversion.SAME)
              .path("metrics.port"),
          Alias.server("SSL_CERT", TlsSchema.CERTIFICATE, Conversion.SAME).path("ssl.certPath"),
          Alias.server("SSL_KEY", TlsSchema.KEY, Conversion.SAME).path("ssl.keyPath"),
          Alias.server("SSL_PASS", TlsSchema.PASSWORD, Conversion.SAME).path("ssl.passphrase"),
          Alias.webhooks(
                  "WEBHOOKS_BATCHING",
                  WebhooksSchema.BATCH_WINDOW_MILLISECONDS,
                  Conversion.BATCHING)
              .path("webhooks.batching.enabled"),
          Alias.webhooks(
                  "WEBHOOKS_BATCHING_DURATION",
                  WebhooksSchema.BATCH_WINDOW_MILLISECONDS,
                  Conversion.WINDOW)
              .path("webhooks.batching.duration")
              .refining(),
          Alias.server("", ServerSchema.MAX_REQUEST_BYTES, Conversion.MEGABYTES)
              .path("httpApi.requestLimitInMb"));

  private static final List<Alias> APP =
      List.of(
          Alias.app("DEFAULT_APP_ID", AppSchema.ID, Conversion.SAME)
              .appKey("id")
              .assuming("app-id"),
          Alias.app("DEFAULT_APP_KEY", AppSchema.KEY, Conversion.SAME)
              .appKey("key")
              .assuming("app-key"),
          Alias.app("DEFAULT_APP_SECRET", AppSchema.SECRET, Conversion.SAME).appKey("secret"),
          Alias.app("DEFAULT_APP_ENABLED", AppSchema.ENABLED, Conversion.SWITCH).appKey("enabled"),
          Alias.app(
                  "DEFAULT_APP_ENABLE_CLIENT_MESSAGES", AppSchema.CLIENT_EVENTS, Conversion.SWITCH)
              .appKey("enableClientMessages"),
          Alias.app(
                  "DEFAULT_APP_USER_AUTHENTICATION",
                  AppSchema.AUTHORIZED_CONNECTIONS_ONLY,
                  Conversion.SWITCH)
              .appKey("enableUserAuthentication"),
          Alias.app(
                  "USER_AUTHENTICATION_TIMEOUT",
                  AppSchema.AUTHORIZATION_TIMEOUT_SECONDS,
                  Conversion.MILLISECONDS)
              .path("userAuthenticationTimeout")
              .only(AppSchema.AUTHORIZED_CONNECTIONS_ONLY),
          Alias.app("DEFAULT_APP_MAX_CONNS", LimitsSchema.MAX_CONNECTIONS, Conversion.CEILING)
              .appKey("maxConnections"),
          Alias.app(
                  "DEFAULT_APP_MAX_BACKEND_EVENTS_PER_SEC",
                  LimitsSchema.MAX_HTTP_EVENTS_PER_SECOND,
                  Conversion.RATE)
              .appKey("maxBackendEventsPerSecond"),
          Alias.app(
                  "DEFAULT_APP_MAX_CLIENT_EVENTS_PER_SEC",
                  LimitsSchema.MAX_CLIENT_EVENTS_PER_SECOND,
                  Conversion.RATE)
              .appKey("maxClientEventsPerSecond")
              .assuming("-1"),
          Alias.app(
                  "DEFAULT_APP_MAX_READ_REQ_PER_SEC",
                  LimitsSchema.MAX_HTTP_READS_PER_SECOND,
                  Conversion.RATE)
              .appKey("maxReadRequestsPerSecond"),
          Alias.app("DEFAULT_APP_WEBHOOKS", null, Conversion.ENDPOINTS).appKey("webhooks"));

  private static final List<Alias> LIMITS =
      List.of(
          Alias.app("PRESENCE_MAX_MEMBERS", LimitsSchema.MAX_PRESENCE_MEMBERS, Conversion.SAME)
              .path("presence.maxMembersPerChannel")
              .appKey("maxPresenceMembersPerChannel"),
          Alias.app(
                  "PRESENCE_MAX_MEMBER_SIZE",
                  LimitsSchema.MAX_PRESENCE_MEMBER_BYTES,
                  Conversion.KILOBYTES)
              .path("presence.maxMemberSizeInKb")
              .appKey("maxPresenceMemberSizeInKb")
              .assuming("2"),
          Alias.app(
                  "CHANNEL_LIMITS_MAX_NAME_LENGTH",
                  LimitsSchema.MAX_CHANNEL_NAME_CHARS,
                  Conversion.SAME)
              .path("channelLimits.maxNameLength")
              .appKey("maxChannelNameLength"),
          Alias.app("CHANNEL_CACHE_TTL", LimitsSchema.CACHE_TTL_SECONDS, Conversion.SAME)
              .path("channelLimits.cacheTtl")
              .assuming("3600"),
          Alias.app(
                  "EVENT_MAX_CHANNELS_AT_ONCE",
                  LimitsSchema.MAX_CHANNELS_PER_EVENT,
                  Conversion.SAME)
              .path("eventLimits.maxChannelsAtOnce")
              .appKey("maxEventChannelsAtOnce"),
          Alias.app("EVENT_MAX_NAME_LENGTH", LimitsSchema.MAX_EVENT_NAME_CHARS, Conversion.SAME)
              .path("eventLimits.maxNameLength")
              .appKey("maxEventNameLength"),
          Alias.app("EVENT_MAX_SIZE_IN_KB", LimitsSchema.MAX_EVENT_BYTES, Conversion.KILOBYTES)
              .path("eventLimits.maxPayloadInKb")
              .appKey("maxEventPayloadInKb")
              .assuming("100"),
          Alias.app("EVENT_MAX_BATCH_SIZE", LimitsSchema.MAX_BATCH_EVENTS, Conversion.SAME)
              .path("eventLimits.maxBatchSize")
              .appKey("maxEventBatchSize"));

  static final Family FAMILY =
      FamilyBuilder.builder()
          .server("soketi")
          .prefix("SOKETI_")
          .aliases(Stream.of(SERVER, APP, LIMITS).flatMap(List::stream).toList())
          .presumed(List.of(new Presumed(ServerSchema.ACTIVITY_TIMEOUT_SECONDS, "30")))
          .engine(
              Stream.concat(SoketiEngine.NAMES.stream(), SoketiDatabase.NAMES.stream()).toList())
          .unsupported(
              List.of(
                  new Unsupported(
                      "ADAPTER_DRIVER",
                      "adapter.driver",
                      Set.of("local", "redis", "nats"),
                      "nodes do not find each other over UDP as soketi's do. Set it to redis or"
                          + " nats, or to local for a single node"),
                  new Unsupported(
                      "APP_MANAGER_DRIVER",
                      "appManager.driver",
                      Set.of("array", "mysql", "postgres"),
                      "apps cannot be read from DynamoDB. Export them with aws dynamodb scan, as"
                          + " docs/migration.md shows, into a configuration file or an SQL table")))
          .idle(
              List.of(
                  new Idle("MODE", "every instance serves clients, the API and webhooks"),
                  new Idle("ADAPTER_REDIS_REQUESTS_TIMEOUT", UNASKED),
                  new Idle("ADAPTER_REDIS_SUB_OPTIONS", OPTIONS),
                  new Idle("ADAPTER_REDIS_PUB_OPTIONS", OPTIONS),
                  new Idle("ADAPTER_REDIS_SHARD_MODE", "any node of a Redis Cluster will do"),
                  new Idle("ADAPTER_REDIS_*", "only SOKETI_ADAPTER_DRIVER=redis needs it"),
                  new Idle("ADAPTER_NATS_REQUESTS_TIMEOUT", UNASKED),
                  new Idle("ADAPTER_NATS_NODES_NUMBER", UNASKED),
                  new Idle("ADAPTER_NATS_TIMEOUT", "an attempt to connect takes 2 s at most"),
                  new Idle("ADAPTER_NATS_*", "only SOKETI_ADAPTER_DRIVER=nats needs it"),
                  new Idle("ADAPTER_*", "nodes are joined by Redis or NATS, not over UDP"),
                  new Idle("CLUSTER_*", "nodes are joined by Redis or NATS, not over UDP"),
                  new Idle("DB_REDIS_DB", KEYLESS),
                  new Idle("DB_REDIS_KEY_PREFIX", KEYLESS),
                  new Idle(
                      "DB_REDIS_*",
                      "only SOKETI_ADAPTER_DRIVER=redis needs it, and of several ways to name Redis"
                          + " the cluster's nodes come first, then Sentinels"),
                  new Idle("RATE_LIMITER_*", "each node counts rates in memory"),
                  new Idle("APP_MANAGER_CACHE_*", ""),
                  new Idle("APP_MANAGER_MYSQL_VERSION", VERSION),
                  new Idle("APP_MANAGER_MYSQL_USE_V2", VERSION),
                  new Idle("APP_MANAGER_POSTGRES_VERSION", VERSION),
                  new Idle("DB_POOLING_MIN", POOL),
                  new Idle("APP_MANAGER_*", DATABASE),
                  new Idle("DB_*", DATABASE),
                  new Idle("CACHE_*", "cached events are kept in memory"),
                  new Idle("QUEUE_*", "webhooks are queued in a local file (webhooks.data_dir)"),
                  new Idle("METRICS_*", "FANFARE_METRICS_NAMES=both exports soketi's metric names"),
                  new Idle("SSL_CA", "client certificates are not requested"),
                  new Idle("HTTP_ACCEPT_TRAFFIC_*", "the server detects overload itself")))
          .build();

  private SoketiNames() {}
}
