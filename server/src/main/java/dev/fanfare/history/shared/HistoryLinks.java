package dev.fanfare.history.shared;

import dev.fanfare.history.EventId;
import dev.fanfare.protocol.ChannelName;

/// What the store of a node asks for outside of it. Any thread.
public interface HistoryLinks {

  /// There may be something to deliver in the log of a channel.
  void wake(String appId, String channel);

  /// Everything up to an entry was purged; all nodes must know.
  void purged(String appId, ChannelName channel, EventId through);
}
