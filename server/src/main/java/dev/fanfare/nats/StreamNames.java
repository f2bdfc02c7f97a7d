package dev.fanfare.nats;

import dev.fanfare.app.ChannelKey;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/// The names that a cluster uses in JetStream: one stream for the events of all channels, each
/// channel with its own subject, and two key-value buckets. A right of NATS cannot name a part of a
/// stream's name, so there is not one stream for each app.
///
/// @param cluster `[a-z0-9-]{1,32}`
record StreamNames(String cluster) {

  /// The stream of events.
  String events() {
    return "FANFARE_" + cluster;
  }

  /// All subjects of events.
  String allEvents() {
    return "fanfare." + cluster + ".h.>";
  }

  /// The subject of a channel.
  String subject(ChannelKey key) {
    return "fanfare." + cluster + ".h." + token(key.appId()) + "." + token(key.channel());
  }

  /// The key-value bucket.
  String bucket() {
    return "fanfare_" + cluster;
  }

  /// The stream of the bucket.
  String values() {
    return "KV_" + bucket();
  }

  /// All subjects of the bucket.
  String allValues() {
    return "$KV." + bucket() + ".>";
  }

  /// The subject of a value.
  ///
  /// @param kind a letter
  String value(String kind, ChannelKey key, String name) {
    return "$KV."
        + bucket()
        + "."
        + String.join(".", kind, token(key.appId()), token(key.channel()), token(name));
  }

  /// The key-value bucket of idempotency keys. No cluster has an underscore in its name, so it is
  /// the bucket of no other one.
  String keys() {
    return bucket() + "_keys";
  }

  /// The subject of an idempotency key.
  String key(String appId, String key) {
    return "$KV." + keys() + "." + token(appId) + "." + token(key);
  }

  /// A text as one token of a subject: different ones for different texts. Letters, digits and
  /// hyphens stay as they are, so that names can be read.
  static String token(String text) {
    StringBuilder token = new StringBuilder(text.length() + 2);
    for (byte each : text.getBytes(StandardCharsets.UTF_8)) {
      char c = (char) (each & 0xff);
      boolean isPlain =
          (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-';
      if (isPlain) {
        token.append(c);
      } else {
        token.append('_').append(HexFormat.of().toHexDigits(each));
      }
    }
    return token.isEmpty() ? "_" : token.toString();
  }
}
