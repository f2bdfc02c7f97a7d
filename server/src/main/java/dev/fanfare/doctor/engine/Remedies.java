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

  private static boolean has(String text, String... parts) {
    for (String part : parts) {
      if (text.contains(part)) {
        return true;
      }
    }
    return false;
  }
}
