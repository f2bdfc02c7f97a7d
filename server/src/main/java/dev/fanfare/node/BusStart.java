package dev.fanfare.node;

import dev.fanfare.app.App;
import dev.fanfare.app.Secret;
import dev.fanfare.bus.Bus;
import dev.fanfare.bus.ClusterOptions;
import dev.fanfare.bus.EngineOptions;
import dev.fanfare.bus.LocalBus;
import dev.fanfare.bus.RequestKeys;
import dev.fanfare.bus.StoreRemark;
import dev.fanfare.bus.Wire;
import dev.fanfare.cluster.MeshOptionsBuilder;
import dev.fanfare.cluster.datagram.AppHashes;
import dev.fanfare.cluster.datagram.Seal;
import dev.fanfare.cluster.loop.Cluster;
import dev.fanfare.history.MemoryStore;
import dev.fanfare.history.shared.SharedStore;
import dev.fanfare.history.shared.Streams;
import dev.fanfare.nats.NatsKeys;
import dev.fanfare.nats.NatsRemarks;
import dev.fanfare.nats.NatsStreams;
import dev.fanfare.nats.NatsWire;
import dev.fanfare.observe.NanoClock;
import dev.fanfare.protocol.Parsed;
import dev.fanfare.redis.RedisKeys;
import dev.fanfare.redis.RedisRemarks;
import dev.fanfare.redis.RedisStreams;
import dev.fanfare.redis.RedisWire;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Collection;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Makes the bus that the options ask for. A node without others loads no class of a cluster or of
/// an engine's client.
final class BusStart {

  /// Events for other nodes may take this part of the heap, as a divisor.
  private static final int HEAP_PART = 8;

  private static final int KEY_BYTES = 32;

  private BusStart() {}

  /// @param apps as configured at the start
  static Bus of(ClusterOptions options, List<App> apps) {
    return options.isOn() ? cluster(options, apps) : new LocalBus();
  }

  private static Bus cluster(ClusterOptions options, List<App> apps) {
    Wire wire = wire(options.engine());
    long outageBytes =
        Math.min(options.outageBytes(), Runtime.getRuntime().maxMemory() / HEAP_PART);
    return new Cluster(
        MeshOptionsBuilder.builder()
            .cluster(options.name())
            .node(options.node().isEmpty() ? hostName() : options.node())
            .version(Version.number())
            .seal(seal(options.secret(), options.name()))
            .configHash(hash(apps))
            .apps(AppHashes.of(apps.stream().map(App::id).toList()))
            .leaseNs(TimeUnit.SECONDS.toNanos(options.leaseSeconds()))
            .outageNs(TimeUnit.SECONDS.toNanos(options.outageSeconds()))
            .outageBytes(outageBytes)
            .joinNs(TimeUnit.SECONDS.toNanos(options.joinSeconds()))
            .maxDatagramBytes(wire.maxDatagramBytes())
            .build(),
        new SecureRandom().nextLong(1, Long.MAX_VALUE),
        options.isUnreadyWhenCutOff(),
        wire,
        NanoClock.SYSTEM);
  }

  static Wire wire(EngineOptions engine) {
    return switch (engine.kind()) {
      case REDIS -> redis(engine);
      case NATS -> nats(engine);
      case NONE -> throw new IllegalArgumentException("no engine");
    };
  }

  // Each in a separate method: where both meet, the verifier would load both to compare them.

  private static Wire redis(EngineOptions engine) {
    return new RedisWire(engine);
  }

  private static Wire nats(EngineOptions engine) {
    return new NatsWire(engine);
  }

  /// The store that nodes share, which is not connected yet; null if they share none.
  static @Nullable SharedStore history(
      PartOptions options, MemoryStore memory, InstantSource wall) {
    Streams streams = streams(options.cluster().engine());
    return streams == null
        ? null
        : new SharedStore(streams, memory, wall, options.resume().overlapMilliseconds());
  }

  static @Nullable Streams streams(EngineOptions engine) {
    return switch (engine.kind()) {
      case REDIS -> redisStreams(engine);
      case NATS -> natsStreams(engine);
      case NONE -> null;
    };
  }

  private static Streams redisStreams(EngineOptions engine) {
    return new RedisStreams(engine);
  }

  private static Streams natsStreams(EngineOptions engine) {
    return new NatsStreams(engine);
  }

  /// What the nodes remember of idempotency keys together, which is not connected yet; null if they
  /// remember nothing.
  static @Nullable RequestKeys keys(EngineOptions engine) {
    return switch (engine.kind()) {
      case REDIS -> redisKeys(engine);
      case NATS -> natsKeys(engine);
      case NONE -> null;
    };
  }

  private static RequestKeys redisKeys(EngineOptions engine) {
    return new RedisKeys(engine);
  }

  private static RequestKeys natsKeys(EngineOptions engine) {
    return new NatsKeys(engine);
  }

  /// What there is to know about what the engine keeps. Blocks.
  static List<StoreRemark> remarks(EngineOptions engine) throws InterruptedException {
    return switch (engine.kind()) {
      case REDIS -> RedisRemarks.of(engine);
      case NATS -> NatsRemarks.of(engine);
      case NONE -> List.of();
    };
  }

  /// Throws if the engine answers and can never keep history. An engine that does not answer may do
  /// so later. Blocks for some seconds for each address that does not.
  static void checkHistory(EngineOptions engine) throws UnusableConfiguration {
    if (engine.kind() == EngineOptions.Kind.NATS
        && checkNats(engine) instanceof Parsed.Bad(String reason)) {
      throw new UnusableConfiguration(reason);
    }
  }

  private static Parsed<Parsed.Passed> checkNats(EngineOptions engine) {
    return NatsStreams.check(engine);
  }

  static Seal seal(@Nullable Secret secret, String cluster) {
    return secret == null ? Seal.checksum() : Seal.secret(key(secret.reveal()), cluster);
  }

  /// The bytes of a secret that the configuration has checked.
  private static byte[] key(String text) {
    return text.length() == 2 * KEY_BYTES
        ? HexFormat.of().parseHex(text)
        : Base64.getDecoder().decode(text);
  }

  private static String hostName() {
    String container = System.getenv("HOSTNAME");
    if (container != null && !container.isEmpty()) {
      return container;
    }
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "unnamed";
    }
  }

  /// Equal on nodes whose apps have the same options and limits. Keys, secrets and webhooks are not
  /// in it, since it is sent to the other nodes.
  static long hash(Collection<App> apps) {
    StringBuilder text = new StringBuilder();
    apps.stream()
        .sorted(Comparator.comparing(App::id))
        .forEach(
            app -> text.append(app.id()).append(app.options()).append(app.limits()).append('\n'));
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256")
              .digest(text.toString().getBytes(StandardCharsets.UTF_8));
      return HexFormat.fromHexDigitsToLong(HexFormat.of().formatHex(hash, 0, Long.BYTES));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every JDK has it
    }
  }
}
