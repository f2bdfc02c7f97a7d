package dev.fanfare.metrics;

import dev.fanfare.app.App;
import dev.fanfare.channel.Channel;
import dev.fanfare.channel.Channels;
import java.util.HashMap;
import java.util.Map;

/// One app's occupied channels, counted in a single pass for all gauges. Immutable once taken.
final class Census {

  static final Census EMPTY = new Census();

  private record Kind(ChannelKind prefix, boolean isCached) {}

  private static final class Size {
    long channels;
    long subscriptions;
  }

  private final Map<Kind, Size> sizes = new HashMap<>();
  private long members;

  private Census() {}

  static Census take(App app, Channels channels) {
    Census census = new Census();
    channels.forEachOccupied(app, census::count);
    return census;
  }

  private void count(Channel channel) {
    Kind kind = new Kind(ChannelKind.of(channel.name()), channel.name().isCached());
    Size size = sizes.computeIfAbsent(kind, _ -> new Size());
    size.channels++;
    size.subscriptions += channel.localSubscribers();
    members += channel.localUsers();
  }

  long channels(ChannelKind prefix, boolean isCached) {
    Size size = sizes.get(new Kind(prefix, isCached));
    return size == null ? 0 : size.channels;
  }

  long subscriptions(ChannelKind prefix, boolean isCached) {
    Size size = sizes.get(new Kind(prefix, isCached));
    return size == null ? 0 : size.subscriptions;
  }

  /// The sum of the distinct users of each presence channel.
  long members() {
    return members;
  }
}
