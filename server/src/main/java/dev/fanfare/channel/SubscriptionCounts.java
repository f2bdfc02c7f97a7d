package dev.fanfare.channel;

import dev.fanfare.app.App;
import dev.fanfare.channel.lane.Lanes;
import dev.fanfare.channel.lane.Outbound;
import dev.fanfare.protocol.ServerMessage.SubscriptionCount;
import java.util.concurrent.TimeUnit;

/// Decides when a subscription count is due (section 2.9): at once if none was sent for a quarter
/// of a second, in large channels for five seconds, else when that time has passed; and when the
/// last subscriber leaves. Sends each count that was reported. Called only while the channel's
/// entry is held.
final class SubscriptionCounts implements ChangeListener {

  /// Channels with more subscribers than this are large.
  static final int SMALL = 100;

  /// Nanoseconds between two counts of a small channel.
  static final long INTERVAL_NS = TimeUnit.MILLISECONDS.toNanos(250);

  /// Nanoseconds between two counts of a large channel.
  static final long LARGE_INTERVAL_NS = TimeUnit.SECONDS.toNanos(5);

  private final Lanes lanes;

  SubscriptionCounts(Lanes lanes) {
    this.lanes = lanes;
  }

  /// A connection joined or left, on any node: there is a new count, unless counts are off.
  static void changed(App app, Channel channel) {
    if (isCounted(app, channel)) {
      channel.countChanged();
    }
  }

  /// True if a count is due, which the caller then reports.
  static boolean takeDue(Channel channel, long nowNs) {
    boolean isDue = channel.countIsDue(nowNs, intervalNs(channel.subscribers()));
    if (isDue) {
      channel.countSent(nowNs);
    }
    return isDue;
  }

  /// When the waiting count may be sent; [Long#MAX_VALUE] if none waits.
  static long dueNs(Channel channel) {
    return channel.countDueNs(intervalNs(channel.subscribers()));
  }

  @Override
  public void onChange(Change change) {
    // On encrypted channels the Android client tries to decrypt this frame and crashes.
    if (change instanceof Change.Counted counted && !counted.channel().name().isEncrypted()) {
      Channel channel = counted.channel();
      lanes.deliver(
          Outbound.fact(
              channel,
              new SubscriptionCount(counted.name(), counted.count()),
              channel.nextSequence()));
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
