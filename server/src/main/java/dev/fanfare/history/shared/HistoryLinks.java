package dev.fanfare.history.shared;

import dev.fanfare.history.EventId;
import dev.fanfare.protocol.ChannelName;
import java.util.Collection;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// What the store of a node asks for outside of it. Any thread.
public interface HistoryLinks {

  /// Outside of a store that is not used yet.
  HistoryLinks NOWHERE =
      new HistoryLinks() {
        @Override
        public void wake(String appId, String channel) {}

        @Override
        public void purged(String appId, ChannelName channel, EventId through) {}
      };

  /// There may be something to deliver in the log of a channel.
  void wake(String appId, String channel);

  /// Everything up to an entry was purged; all nodes must know.
  void purged(String appId, ChannelName channel, EventId through);

  /// This process.
  default long self() {
    return 0;
  }

  /// The processes of the nodes that are not gone, with this one; empty if that is not known at
  /// present.
  default Set<Long> alive() {
    return Set.of();
  }

  /// Passes on which users of a presence channel are connected to this node, while no user joins or
  /// leaves; null if no joins and leaves are kept.
  default void present(
      String appId, ChannelName channel, Consumer<@Nullable Collection<String>> to) {
    to.accept(null);
  }
}
