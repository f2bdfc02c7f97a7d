package dev.fanfare.channel;

import dev.fanfare.app.App;
import dev.fanfare.observe.ServerListener;
import dev.fanfare.protocol.ChannelName;
import dev.fanfare.protocol.ServerMessage.SubscriptionCount;
import java.util.concurrent.TimeUnit;

/// Sends subscription counts (section 2.9): at once if none was sent for a quarter of a second, in
/// large channels for five seconds, else when that time has passed; and when the last subscriber
/// leaves. Called only while the channel's entry is held.
final class SubscriptionCounts {

  /// Channels with more subscribers than this are large.
  static final int SMALL = 100;

  /// Nanoseconds between two counts of a small channel.
  static final long INTERVAL_NS = TimeUnit.MILLISECONDS.toNanos(250);

  /// Nanoseconds between two counts of a large channel.
  static final long LARGE_INTERVAL_NS = TimeUnit.SECONDS.toNanos(5);

  private final Lanes lanes;
  private final ServerListener listener;

  SubscriptionCounts(Lanes lanes, ServerListener listener) {
    this.lanes = lanes;
    this.listener = listener;
  }

  /// A connection joined or left.
  void changed(App app, Channel channel, long nowNs) {
    if (isCounted(app, channel)) {
      channel.countChanged();
      sweep(app, channel, nowNs);
    }
  }

  /// Sends a delayed count if it is due.
  void sweep(App app, Channel channel, long nowNs) {
    if (channel.countIsDue(nowNs, intervalNs(channel.subscribers()))) {
      send(app, channel, nowNs);
    }
  }

  /// When the waiting count may be sent; [Long#MAX_VALUE] if none waits.
  static long dueNs(Channel channel) {
    return channel.countDueNs(intervalNs(channel.subscribers()));
  }

  private void send(App app, Channel channel, long nowNs) {
    ChannelName name = channel.name();
    int count = channel.subscribers();
    channel.countSent(nowNs);
    listener.subscriptionCount(app, name.value(), count);
    // On encrypted channels the Android client tries to decrypt this frame and crashes.
    if (!name.isEncrypted()) {
      lanes.deliver(
          Outbound.fact(
              channel, new SubscriptionCount(name.value(), count), channel.nextSequence()));
    }
  }

  /// The count of an empty channel is for webhooks only, and the channel is about to be dropped.
  private static long intervalNs(int subscribers) {
    if (subscribers == 0) {
      return 0;
    }
    return subscribers <= SMALL ? INTERVAL_NS : LARGE_INTERVAL_NS;
  }

  private static boolean isCounted(App app, Channel channel) {
    return app.options().subscriptionCounts()
        && !channel.name().hasMembers()
        && !channel.name().isUser();
  }
}
