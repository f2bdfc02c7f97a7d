package dev.fanfare.history;

import dev.fanfare.app.HistoryRule;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Where a subscription to a channel that keeps events begins: a client that comes back goes on
/// where it was, others get what the rule says.
///
/// @param after the sequence below the first event to replay; [EventLog#END] if there is none
/// @param formerSockets the connections from which the client resumes; null if it does not
/// @param reader null if the subscription may not be resumed
/// @param gap what the client cannot get; null if it gets everything
/// @param question for the archive, which decides the rest; null if everything is decided
public record Start(
    long after,
    @Nullable List<String> formerSockets,
    @Nullable Reader reader,
    @Nullable Gap gap,
    Archive.@Nullable Question question) {

  Start(
      long after,
      @Nullable List<String> formerSockets,
      @Nullable Reader reader,
      @Nullable Gap gap) {
    this(after, formerSockets, reader, gap, null);
  }

  /// Decides, and takes the position if there is one for this client alone. Called only while the
  /// channel's entry is held.
  ///
  /// @param socketId of the subscriber
  /// @param request null if nothing is known about the subscriber
  public static Start of(
      History history,
      Departed departed,
      String appId,
      String channel,
      String socketId,
      @Nullable ReplayRequest request,
      long nowNs) {
    EventLog log = history.log();
    Rewind rewind = request == null ? null : request.rewind();
    Identity identity =
        request == null || !history.resumes()
            ? null
            : Identity.of(request.traits(), history.rule().identify());
    Archive archive = log.archive();
    if (archive != null) {
      return later(history, archive, departed, appId, channel, socketId, rewind, identity, nowNs);
    }
    if (identity == null) {
      return new Start(history.start(rewind, nowNs), null, null, null);
    }
    Departed.Claim claim = departed.claim(appId, channel, identity, nowNs);
    if (claim == null) {
      long after = history.start(rewind, nowNs);
      EventId before = Objects.requireNonNullElse(log.idAt(after), EventId.NONE);
      Reader reader = departed.begin(appId, channel, identity, socketId, null, before);
      return new Start(after, null, reader, null);
    }
    EventLog.Resumption resumption = log.resume(claim, history.rule().replayEvents());
    Reader reader = departed.begin(appId, channel, identity, socketId, claim, claim.after());
    return new Start(resumption.start(), claim.sockets(), reader, resumption.gap());
  }

  private static Start later(
      History history,
      Archive archive,
      Departed departed,
      String appId,
      String channel,
      String socketId,
      @Nullable Rewind rewind,
      @Nullable Identity recognised,
      long nowNs) {
    HistoryRule.Replay replay = history.rule().replay();
    if (replay == HistoryRule.Replay.NONE) {
      return new Start(EventLog.END, null, null, null);
    }
    boolean isMailbox = replay == HistoryRule.Replay.MAILBOX;
    Identity identity =
        recognised == null && isMailbox ? new Identity(Identity.Kind.CHANNEL, channel) : recognised;
    Departed.Claim claim =
        identity == null ? null : departed.claim(appId, channel, identity, nowNs);
    Reader reader =
        identity == null
            ? null
            : departed.begin(
                appId,
                channel,
                identity,
                socketId,
                claim,
                claim == null ? EventId.NONE : claim.after());
    if (reader != null && identity != null) {
      archive.follow(reader, identity, socketId, isMailbox);
    }
    Archive.Question question = new Archive.Question(rewind, identity, claim, socketId, nowNs);
    return new Start(0, claim == null ? null : claim.sockets(), reader, null, question);
  }
}
