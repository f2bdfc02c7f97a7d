package dev.fanfare.doctor.engine;

import dev.fanfare.bus.EngineOptions;
import java.util.Locale;

/// What to do about a reason that the wire gives.
final class Remedies {

  private Remedies() {}

  static String of(String reason, EngineOptions options) {
    String text = reason.toLowerCase(Locale.ROOT);
    if (has(text, "wrongpass", "noauth", "authorization violation", "authentication")) {
      return "Check user and password in the URL, or cluster.user and cluster.password.";
    }
    if (has(text, "noperm", "permissions violation")) {
      return rights(options);
    }
    if (has(text, "no master")) {
      return "Name the master, or use redis-sentinel:// so that it is found after a fail-over.";
    }
    if (has(text, "certificate", "pkix", "certification path")) {
      return "Name the authorities that issued the engine's certificate in cluster.ca, and connect"
          + " to a name that is in it.";
    }
    if (has(text, "ssl", "tls", "handshake", "not an ssl/tls record")) {
      return "Use rediss:// or tls:// if the engine requires TLS, and redis:// or nats:// if not.";
    }
    return "Check the URL, and the log of the engine at this time.";
  }

  /// What a node needs, to give to the user of the engine.
  static String rights(EngineOptions options) {
    String name = options.cluster();
    return switch (options.kind()) {
      case REDIS ->
          "Give the user these rights: resetchannels &fanfare:"
              + name
              + ":* -@all +publish +subscribe +unsubscribe +ping +role";
      case NATS, NONE ->
          "Give the user the rights to publish and to subscribe to fanfare." + name + ".>";
    };
  }

  /// What to do about a reason why the engine cannot keep history.
  static String ofStore(String reason, EngineOptions options) {
    String text = reason.toLowerCase(Locale.ROOT);
    if (has(text, "noperm", "permissions violation", "user executing the script", "acl failure")) {
      return storeRights(options);
    }
    if (has(text, "no jetstream")) {
      return "Start nats-server with -js, or enable JetStream for the account of this user.";
    }
    if (has(text, "oom", "resources", "maximum")) {
      return "Give the engine more memory or storage, or raise the limits of the account.";
    }
    if (has(text, "readonly", "no master")) {
      return "Name the master, or use redis-sentinel:// so that it is found after a fail-over.";
    }
    if (has(text, "misconf", "noreplicas")) {
      return "Redis refuses all writes: see its log, and the disk to which it writes.";
    }
    return of(reason, options);
  }

  private static String storeRights(EngineOptions options) {
    String name = options.cluster();
    return switch (options.kind()) {
      case REDIS ->
          "Give the user these rights, too: ~fanfare:"
              + name
              + ":* +cluster|nodes +script|load +eval +evalsha +time +get +set +pexpire +pexpireat"
              + " +xadd +xtrim +xrange +xrevrange +zadd +zrem +zcard +zrange +zrangebyscore"
              + " +zremrangebyscore +hget +hset +hdel +hlen +hgetall";
      case NATS, NONE ->
          "Give the user these rights to publish, too: $KV.fanfare_%s.> and, each with the streams"
                  .formatted(name)
              + " FANFARE_%s and KV_fanfare_%s at its end, $JS.API.STREAM.*. and"
                  .formatted(name, name)
              + " $JS.API.STREAM.MSG.GET.";
    };
  }

  private static boolean has(String text, String... parts) {
    for (String part : parts) {
      if (text.contains(part)) {
        return true;
      }
    }
    return false;
  }
}
