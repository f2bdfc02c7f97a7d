package dev.fanfare.config.foreign;

import dev.fanfare.bus.EngineOptions;
import dev.fanfare.config.schema.ClusterSchema;
import dev.fanfare.config.schema.Option;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// How soketi's nodes are joined: over Redis (alone, behind Sentinel, or a Redis Cluster) or NATS.
final class SoketiEngine {

  static final String DRIVER = "SOKETI_ADAPTER_DRIVER";
  private static final String HOST = "SOKETI_DB_REDIS_HOST";
  private static final String PORT = "SOKETI_DB_REDIS_PORT";
  private static final String USER = "SOKETI_DB_REDIS_USERNAME";
  private static final String PASSWORD = "SOKETI_DB_REDIS_PASSWORD";
  private static final String SENTINELS = "SOKETI_DB_REDIS_SENTINELS";
  private static final String SENTINEL_PASSWORD = "SOKETI_DB_REDIS_SENTINEL_PASSWORD";
  private static final String MASTER = "SOKETI_DB_REDIS_INSTANCE_NAME";
  private static final String CLUSTER_MODE = "SOKETI_ADAPTER_REDIS_CLUSTER_MODE";
  private static final String CLUSTER_NODES = "SOKETI_DB_REDIS_CLUSTER_NODES";
  private static final String REDIS_PREFIX = "SOKETI_ADAPTER_REDIS_PREFIX";
  private static final String SERVERS = "SOKETI_ADAPTER_NATS_SERVERS";
  private static final String NATS_USER = "SOKETI_ADAPTER_NATS_USER";
  private static final String NATS_PASSWORD = "SOKETI_ADAPTER_NATS_PASSWORD";
  private static final String NATS_TOKEN = "SOKETI_ADAPTER_NATS_TOKEN";
  private static final String NATS_PREFIX = "SOKETI_ADAPTER_NATS_PREFIX";

  private static final String DEFAULT_HOST = "127.0.0.1";
  private static final String DEFAULT_REDIS_PORT = "6379";
  private static final String DEFAULT_SERVER = "127.0.0.1:4222";
  private static final String DEFAULT_MASTER = "mymaster";

  private static final String JSON = "JSON list of hosts and ports";
  private static final String WITH_HOST = "part of the URL";
  private static final String TO_NAME = "lower case, `-` for other characters than digits";

  static final List<EngineName> NAMES =
      List.of(
          name(DRIVER, "adapter.driver", ClusterSchema.BUS, "`local` is `none`", "local"),
          name(HOST, "database.redis.host", ClusterSchema.REDIS_URLS, WITH_HOST, DEFAULT_HOST),
          name(
              PORT, "database.redis.port", ClusterSchema.REDIS_URLS, WITH_HOST, DEFAULT_REDIS_PORT),
          name(USER, "database.redis.username", ClusterSchema.USER, "", ""),
          name(PASSWORD, "database.redis.password", ClusterSchema.PASSWORD, "", ""),
          name(SENTINELS, "database.redis.sentinels", ClusterSchema.REDIS_URLS, JSON, ""),
          name(
              MASTER,
              "database.redis.name",
              ClusterSchema.REDIS_URLS,
              "with Sentinels",
              DEFAULT_MASTER),
          name(
              SENTINEL_PASSWORD,
              "database.redis.sentinelPassword",
              ClusterSchema.SENTINEL_PASSWORD,
              "",
              ""),
          name(
              CLUSTER_MODE,
              "adapter.redis.clusterMode",
              ClusterSchema.REDIS_URLS,
              "`true` selects the nodes below",
              "false"),
          name(CLUSTER_NODES, "database.redis.clusterNodes", ClusterSchema.REDIS_URLS, JSON, ""),
          name(REDIS_PREFIX, "adapter.redis.prefix", ClusterSchema.NAME, TO_NAME, ""),
          name(
              SERVERS,
              "adapter.nats.servers",
              ClusterSchema.NATS_URLS,
              "also a JSON list",
              DEFAULT_SERVER),
          name(NATS_USER, "adapter.nats.user", ClusterSchema.USER, "", ""),
          name(NATS_PASSWORD, "adapter.nats.password", ClusterSchema.PASSWORD, "", ""),
          name(NATS_TOKEN, "adapter.nats.token", ClusterSchema.PASSWORD, "without a user", ""),
          name(NATS_PREFIX, "adapter.nats.prefix", ClusterSchema.NAME, TO_NAME, ""));

  private final EngineReader in;

  private SoketiEngine(EngineReader in) {
    this.in = in;
  }

  private static EngineName name(
      String variable, String path, Option<?> option, String said, String assumed) {
    return new EngineName(variable, path, option, said, assumed);
  }

  /// Joins the nodes if the adapter does.
  static void read(EngineReader in) {
    EngineValue driver = in.find(DRIVER);
    if (driver != null) {
      switch (driver.text().strip().toLowerCase(Locale.ROOT)) {
        case "redis" -> new SoketiEngine(in).redis(driver);
        case "nats" -> new SoketiEngine(in).nats(driver);
        default -> {} // a single node, or not supported
      }
    }
  }

  private void redis(EngineValue driver) {
    EngineValue mode = in.find(CLUSTER_MODE);
    boolean isCluster =
        mode != null && "true".equals(Conversion.SWITCH.convert(mode.text().strip()));
    EngineValue nodes = in.find(CLUSTER_NODES);
    EngineValue sentinels = in.find(SENTINELS);
    Map<String, Option<?>> others = new LinkedHashMap<>();
    others.put(USER, ClusterSchema.USER);
    others.put(PASSWORD, ClusterSchema.PASSWORD);
    others.put(REDIS_PREFIX, ClusterSchema.NAME);
    List<EngineValue> from;
    List<String> urls;
    if (isCluster && nodes != null) {
      from = in.all(CLUSTER_NODES, CLUSTER_MODE);
      urls = urls("redis://", in.hosts(nodes));
    } else if (sentinels != null) {
      others.put(SENTINEL_PASSWORD, ClusterSchema.SENTINEL_PASSWORD);
      from = in.all(SENTINELS, MASTER);
      List<String> hosts = in.hosts(sentinels);
      urls =
          hosts == null
              ? null
              : List.of(
                  "redis-sentinel://"
                      + String.join(",", hosts)
                      + "/"
                      + text(MASTER, DEFAULT_MASTER));
    } else {
      from = in.all(HOST, PORT);
      urls =
          List.of(
              "redis://"
                  + EngineReader.hostAndPort(
                      text(HOST, DEFAULT_HOST), text(PORT, DEFAULT_REDIS_PORT)));
    }
    in.join(EngineOptions.Kind.REDIS, driver, urls, from, others);
  }

  private void nats(EngineValue driver) {
    EngineValue servers = in.find(SERVERS);
    Map<String, Option<?>> others = new LinkedHashMap<>();
    if (in.find(NATS_USER) == null) {
      others.put(NATS_TOKEN, ClusterSchema.PASSWORD);
    } else {
      others.put(NATS_USER, ClusterSchema.USER);
      others.put(NATS_PASSWORD, ClusterSchema.PASSWORD);
    }
    others.put(NATS_PREFIX, ClusterSchema.NAME);
    List<String> urls =
        urls("nats://", servers == null ? List.of(DEFAULT_SERVER) : in.hosts(servers));
    in.join(EngineOptions.Kind.NATS, driver, urls, in.all(SERVERS), others);
  }

  private String text(String variable, String assumed) {
    EngineValue value = in.find(variable);
    return value == null ? assumed : value.text().strip();
  }

  private static @Nullable List<String> urls(String scheme, @Nullable List<String> hosts) {
    if (hosts == null) {
      return null;
    }
    List<String> urls = new ArrayList<>();
    for (String host : hosts) {
      urls.add(host.contains("://") ? host : scheme + host);
    }
    return urls;
  }
}
