package dev.fanfare.history;

import dev.fanfare.app.HistoryRule;
import dev.fanfare.protocol.Publication;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// The rule that covers a channel, and what the channel keeps under it. Immutable but for the logs.
///
/// @param presence joins and leaves of users; null if none are kept, or none were yet
public record History(HistoryRule rule, EventLog log, @Nullable EventLog presence) {

  /// Drops what is too old.
  public void expire(long nowNs) {
    log.expire(nowNs);
    if (presence != null) {
      presence.expire(nowNs);
    }
  }

  /// When [#expire] should be called next, on the clock of `nowNs`; [EventLog#END] if nothing is
  /// kept.
  public long dueNs() {
    return presence == null ? log.dueNs() : Math.min(log.dueNs(), presence.dueNs());
  }

  /// True if the event is kept.
  public boolean keeps(Publication event) {
    return rule.keeps(event);
  }

  /// True if a subscriber that is recognised gets what it missed.
  public boolean resumes() {
    return rule.resumes();
  }

  /// Where the replay for a new subscriber begins; [EventLog#END] if it gets none.
  ///
  /// @param asked what its server asks for; null for what the rule says
  public long start(@Nullable Rewind asked, long nowNs) {
    if (rule.replay() != HistoryRule.Replay.REWIND) {
      return EventLog.END;
    }
    int events = rule.rewindEvents();
    int seconds = rule.rewindSeconds();
    if (asked != null) {
      events = Math.min(events, asked.events());
      seconds = asked.secondsWithin(seconds);
    }
    long maxAgeNs = seconds == 0 ? Long.MAX_VALUE : TimeUnit.SECONDS.toNanos(seconds);
    return events == 0 ? EventLog.END : log.rewind(events, maxAgeNs, nowNs);
  }
}
