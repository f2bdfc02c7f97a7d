package dev.fanfare.webhook.outbox;

import dev.fanfare.app.App;
import dev.fanfare.protocol.WebhookEvent;
import dev.fanfare.protocol.WebhookEvent.CacheMiss;
import dev.fanfare.protocol.WebhookEvent.ChannelOccupied;
import dev.fanfare.protocol.WebhookEvent.ChannelVacated;
import dev.fanfare.protocol.WebhookEvent.ClientEvent;
import dev.fanfare.protocol.WebhookEvent.MemberAdded;
import dev.fanfare.protocol.WebhookEvent.MemberRemoved;
import dev.fanfare.protocol.WebhookEvent.SubscriptionCount;

/// An event of an app, on its way from the listener to the outbox.
///
/// @param createdMs when it happened, milliseconds since the epoch
/// @param atNs the same moment on the monotonic clock, nanoseconds
public record Fact(App app, WebhookEvent event, long createdMs, long atNs) {

  /// Memory of the objects.
  private static final int OVERHEAD_BYTES = 300;

  private static final int BYTES_PER_CHAR = 2;

  /// The memory that this needs at most.
  public long bytes() {
    int chars =
        switch (event) {
          case ClientEvent e -> e.channel().length() + e.event().length() + e.data().length();
          case MemberAdded e -> e.channel().length() + e.userId().length();
          case MemberRemoved e -> e.channel().length() + e.userId().length();
          case ChannelOccupied _, ChannelVacated _, CacheMiss _, SubscriptionCount _ ->
              event.channel().length();
        };
    return OVERHEAD_BYTES + (long) BYTES_PER_CHAR * chars;
  }
}
