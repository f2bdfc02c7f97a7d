package dev.fanfare.history.shared;

import java.util.Comparator;

/// A channel whose events the engine keeps. Comparable, because strangers choose names: a map finds
/// equal hashes by their order.
///
/// @param appId any text
/// @param channel a valid name
public record StreamKey(String appId, String channel) implements Comparable<StreamKey> {

  private static final Comparator<StreamKey> ORDER =
      Comparator.comparing(StreamKey::channel).thenComparing(StreamKey::appId);

  @Override
  public int compareTo(StreamKey other) {
    return ORDER.compare(this, other);
  }
}
