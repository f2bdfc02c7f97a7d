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
import org.jspecify.annotations.Nullable;

/// An event of an app, on its way from the listener to the outbox.
///
/// @param createdMs when it happened, milliseconds since the epoch
/// @param atNs when this node has learned of it, on the monotonic clock, nanoseconds
/// @param sender waits until the event is accepted; null if it happened here
public record Fact(
    App app, WebhookEvent event, long createdMs, long atNs, @Nullable Sender sender) {

  /// Another node, which keeps the event until this one has accepted it. Must not throw.
  public interface Sender {

    /// The event is in the outbox, or nothing has to be reported.
    void accepted();

    /// The event was lost here.
    void lost();
  }

  /// Memory of the objects.
  private static final int OVERHEAD_BYTES = 300;

  private static final int BYTES_PER_CHAR = 2;

  /// An event that happened here.
  public Fact(App app, WebhookEvent event, long createdMs, long atNs) {
    this(app, event, createdMs, atNs, null);
  }

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
