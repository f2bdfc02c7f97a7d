package dev.fanfare.history;

import dev.fanfare.app.ChannelKey;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The positions of one channel. Guarded by the lock of [Departed].
final class OfChannel {

  final ChannelKey key;
  final Map<Identity, OfIdentity> identities = new HashMap<>();

  /// The newest event that was lost when the channel's log was closed.
  EventId lost = EventId.NONE;

  OfChannel(ChannelKey key) {
    this.key = key;
  }

  /// The positions of one identity, new ones if there are none.
  OfIdentity of(Identity identity) {
    return identities.computeIfAbsent(identity, key -> new OfIdentity(this, key));
  }

  /// Events up to this one are lost.
  void lose(EventId through) {
    lost = through.compareTo(lost) > 0 ? through : lost;
  }

  /// One identity in one channel.
  static final class OfIdentity {
    final OfChannel channel;
    final Identity identity;

    /// Ascending by their end.
    final List<Departed.Position> waiting = new ArrayList<>(1);

    final List<Reader> live = new ArrayList<>(1);

    /// Several clients have this narrow identity.
    boolean isShared;

    private OfIdentity(OfChannel channel, Identity identity) {
      this.channel = channel;
      this.identity = identity;
    }

    boolean isNarrow() {
      return identity.isNarrow() && !isShared;
    }
  }
}
