package dev.fanfare.app;

import java.util.Comparator;

/// A channel of an app. Comparable, because strangers choose names: a map finds equal hashes by
/// their order.
public record ChannelKey(String appId, String channel) implements Comparable<ChannelKey> {

  private static final Comparator<ChannelKey> ORDER =
      Comparator.comparing(ChannelKey::channel).thenComparing(ChannelKey::appId);

  @Override
  public int compareTo(ChannelKey other) {
    return ORDER.compare(this, other);
  }
}
