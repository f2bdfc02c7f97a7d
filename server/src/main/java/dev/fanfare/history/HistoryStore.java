package dev.fanfare.history;

import dev.fanfare.app.App;
import dev.fanfare.app.HistoryRule;
import dev.fanfare.protocol.ChannelName;

/// Keeps the events of all channels that rules cover. Any thread.
public interface HistoryStore {

  /// What a channel has, which has no open log. Called while the channel's entry is held.
  EventLog open(App app, ChannelName channel, HistoryRule rule);

  /// Where subscriptions may be resumed.
  Departed departed();
}
