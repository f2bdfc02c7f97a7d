package dev.fanfare.history;

import dev.fanfare.app.App;
import dev.fanfare.app.HistoryRule;
import dev.fanfare.protocol.ChannelName;
import dev.fanfare.protocol.Parsed;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/// Keeps the events of all channels that rules cover. Any thread.
public interface HistoryStore {

  /// What a channel has, which has no open log. Called while the channel's entry is held. A purge
  /// is an operation of the log.
  EventLog open(App app, ChannelName channel, HistoryRule rule);

  /// What a presence channel keeps of its users' joins and leaves, as [PresenceEvents]; null if
  /// this store keeps none. Called while the channel's entry is held, or for one page.
  default @Nullable EventLog openPresence(App app, ChannelName channel, HistoryRule rule) {
    return null;
  }

  /// Purges what is kept of the joins and leaves of a user in all channels of an app.
  default Purge purgeUser(App app, String userId, long nowNs) {
    return Purge.EMPTY;
  }

  /// Some events of a channel that has no open log. May block.
  default HistoryPage page(
      App app, ChannelName channel, HistoryRule rule, HistoryPage.Query query, long nowNs) {
    return HistoryPage.empty(query);
  }

  /// Fails, without a full stop, if too many events wait to be written.
  default Parsed<Parsed.Passed> checkRoom() {
    return Parsed.PASSED;
  }

  /// Fails, without a full stop, if events of a rule must be written and cannot be. Any thread.
  default Parsed<Parsed.Passed> checkDisk(App app, HistoryRule rule) {
    return Parsed.PASSED;
  }

  /// Completes when everything that was kept before is written; with false if some of it could not
  /// be.
  default CompletableFuture<Boolean> written() {
    return CompletableFuture.completedFuture(true);
  }

  /// True if all nodes of a cluster keep events together.
  default boolean isShared() {
    return false;
  }

  /// Where subscriptions may be resumed.
  Departed departed();
}
