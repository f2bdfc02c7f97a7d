package dev.fanfare.config.schema;

import dev.fanfare.app.Secret;
import dev.fanfare.bus.ClusterOptions;
import dev.fanfare.bus.ClusterOptionsBuilder;
import dev.fanfare.bus.EngineOptions;
import dev.fanfare.bus.EngineOptionsBuilder;
import dev.fanfare.bus.EngineUrl;
import dev.fanfare.config.value.EngineUrls;
import dev.fanfare.config.value.Kind;
import dev.fanfare.config.value.PathText;
import dev.fanfare.config.value.SecretFile;
import dev.fanfare.config.value.SecretText;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// How nodes work together: keys below `cluster:`, variables `FANFARE_CLUSTER_…`.
public final class ClusterSchema {

  private static final ClusterOptions DEFAULTS = ClusterOptions.OFF;

  public static final Option<EngineOptions.Kind> BUS =
      Option.atStart(
          "bus",
          new Kind.Choice<>(EngineOptions.Kind.class),
          EngineOptions.Kind.NONE,
          "The engine that joins several nodes; `none` for a single node.");

  public static final Option<String> NAME =
      Option.atStart(
          "name",
          new Kind.Text(
              Pattern.compile("[a-z0-9-]{1,32}"), "1 to 32 lower-case letters, digits or hyphens"),
          DEFAULTS.name(),
          "Name of the cluster. Nodes with the same name on the same engine work together, so each"
              + " environment needs its own.");

  public static final Option<String> NODE =
      Option.atStart(
          "node",
          new Kind.Text(
              Pattern.compile("[A-Za-z0-9_.-]{0,64}"),
              "empty or up to 64 letters, digits or characters of \"_.-\""),
          DEFAULTS.node(),
          "Name of this node in log lines and `/ready`; empty for the host name.");

  public static final Option<List<EngineUrl>> REDIS_URLS =
      Option.atStart(
          "redis_urls",
          new EngineUrls(
              EngineOptions.Kind.REDIS,
              "redis://user:password@host:6379, rediss://host or"
                  + " redis-sentinel://host1,host2/MASTER"),
          List.of(),
          "Where Redis or Valkey is; `rediss://` for TLS. List several nodes of a Redis Cluster:"
              + " any of them will do.");

  public static final Option<List<EngineUrl>> NATS_URLS =
      Option.atStart(
          "nats_urls",
          new EngineUrls(
              EngineOptions.Kind.NATS,
              "nats://user:password@host:4222, nats://token@host or tls://host"),
          List.of(),
          "Where NATS is; `tls://` for TLS. List several servers of a NATS cluster: any of them"
              + " will do.");

  public static final Option<String> USER =
      Option.atStart(
          "user",
          new Kind.Text(
              Pattern.compile("[^\\s\\p{Cntrl}]{0,128}"), "empty or a text without white space"),
          "",
          "User for URLs without one.");

  public static final Option<Secret> PASSWORD =
      Option.atStart(
          "password",
          new SecretText(false),
          null,
          "Password, or NATS token if there is no user, for URLs without one. Set either this or"
              + " `password_file`.");

  static final Option<Secret> PASSWORD_FILE =
      file("password", "File with the password; white space around it is ignored.");

  public static final Option<Secret> SENTINEL_PASSWORD =
      Option.atStart(
          "sentinel_password",
          new SecretText(false),
          null,
          "Password of the Sentinels. Set either this or `sentinel_password_file`.");

  static final Option<Secret> SENTINEL_PASSWORD_FILE =
      file(
          "sentinel_password",
          "File with the password of the Sentinels; white space around it is ignored.");

  public static final Option<String> CA =
      Option.atStart(
          "ca",
          new PathText("file"),
          "",
          "PEM with the authorities that the engine's certificate is checked against; empty for"
              + " those of Java.");

  public static final Option<String> CERTIFICATE =
      Option.atStart(
          "certificate",
          new PathText("file"),
          "",
          "Client certificate for the engine, PEM including intermediates.");

  public static final Option<String> KEY =
      Option.atStart(
          "key",
          new PathText("file"),
          "",
          "The client certificate's private key, PEM. Empty if the certificate file contains it.");

  public static final Option<Secret> SECRET =
      Option.atStart(
          "secret",
          new SecretText(true),
          null,
          "Encrypts what nodes send each other: 32 bytes as hexadecimal digits or Base64, the same"
              + " on every node. Needed if others can use the engine. Set either this or"
              + " `secret_file`.");

  static final Option<Secret> SECRET_FILE =
      new Option<>(
          "secret_file",
          "secret",
          new SecretFile(true),
          null,
          "File with the secret; white space around it is ignored.",
          false);

  static final Option<Integer> LEASE_SECONDS =
      Option.atStart(
          "lease_seconds",
          new Kind.Whole(2, 60),
          DEFAULTS.leaseSeconds(),
          "Seconds of silence after which a node is gone and its users are reported as left. Time"
              + " in which the engine does not answer does not count.");

  static final Option<Integer> OUTAGE_SECONDS =
      Option.atStart(
          "outage_seconds",
          new Kind.Whole(1, 3_600),
          DEFAULTS.outageSeconds(),
          "Seconds for which events are kept for nodes that cannot be reached; older ones are lost"
              + " and counted.");

  static final Option<Long> OUTAGE_BYTES =
      Option.atStart(
          "outage_bytes",
          new Kind.Bytes(0, 1L << 40),
          DEFAULTS.outageBytes(),
          "Bytes of events that are kept for them, at most an eighth of the heap.");

  static final Option<Integer> HANDOVER_SECONDS =
      Option.atStart(
          "handover_seconds",
          new Kind.Whole(0, 60),
          DEFAULTS.handoverSeconds(),
          "Seconds for which users of a node that shuts down still count as present, so that they"
              + " can reconnect to another node without a `member_removed`.");

  static final Option<Integer> JOIN_SECONDS =
      Option.atStart(
          "join_seconds",
          new Kind.Whole(1, 300),
          DEFAULTS.joinSeconds(),
          "Seconds that a starting node waits, at most, for the state of the others before it is"
              + " ready.");

  static final Option<Boolean> UNREADY_WHEN_CUT_OFF =
      Option.atStart(
          "unready_when_cut_off",
          new Kind.OnOff(),
          DEFAULTS.isUnreadyWhenCutOff(),
          "`true` makes `/ready` fail while the engine does not answer. By default it succeeds and"
              + " says `degraded`, because an outage of the engine concerns all nodes at once.");

  public static final List<Option<?>> ALL =
      List.of(
          BUS,
          NAME,
          NODE,
          REDIS_URLS,
          NATS_URLS,
          USER,
          PASSWORD,
          PASSWORD_FILE,
          SENTINEL_PASSWORD,
          SENTINEL_PASSWORD_FILE,
          CA,
          CERTIFICATE,
          KEY,
          SECRET,
          SECRET_FILE,
          LEASE_SECONDS,
          OUTAGE_SECONDS,
          OUTAGE_BYTES,
          HANDOVER_SECONDS,
          JOIN_SECONDS,
          UNREADY_WHEN_CUT_OFF);

  private ClusterSchema() {}

  private static Option<Secret> file(String slot, String doc) {
    return new Option<>(slot + "_file", slot, new SecretFile(false), null, doc, false);
  }

  public static ClusterOptions options(Section cluster) {
    EngineOptions.Kind kind = cluster.get(BUS);
    return ClusterOptionsBuilder.builder()
        .engine(
            EngineOptionsBuilder.builder()
                .kind(kind)
                .urls(
                    switch (kind) {
                      case NONE -> List.of();
                      case REDIS -> cluster.get(REDIS_URLS);
                      case NATS -> cluster.get(NATS_URLS);
                    })
                .cluster(cluster.get(NAME))
                .user(cluster.get(USER))
                .password(secret(cluster, PASSWORD))
                .sentinelPassword(secret(cluster, SENTINEL_PASSWORD))
                .ca(cluster.get(CA))
                .certificate(cluster.get(CERTIFICATE))
                .key(cluster.get(KEY))
                .build())
        .node(cluster.get(NODE))
        .secret(secret(cluster, SECRET))
        .leaseSeconds(cluster.get(LEASE_SECONDS))
        .outageSeconds(cluster.get(OUTAGE_SECONDS))
        .outageBytes(cluster.get(OUTAGE_BYTES))
        .handoverSeconds(cluster.get(HANDOVER_SECONDS))
        .joinSeconds(cluster.get(JOIN_SECONDS))
        .isUnreadyWhenCutOff(cluster.get(UNREADY_WHEN_CUT_OFF))
        .build();
  }

  private static @Nullable Secret secret(Section cluster, Option<Secret> option) {
    Setting<Secret> setting = cluster.find(option);
    return setting == null ? null : setting.value();
  }
}
