package dev.fanfare.history.shared;

import dev.fanfare.app.HistoryRule;
import dev.fanfare.app.HistoryRule.Replay;
import dev.fanfare.history.Archive.Decision;
import dev.fanfare.history.Archive.Question;
import dev.fanfare.history.Departed;
import dev.fanfare.history.EventId;
import dev.fanfare.history.EventLog;
import dev.fanfare.history.Gap;
import dev.fanfare.history.Identity;
import dev.fanfare.history.Rewind;
import dev.fanfare.history.mailbox.Cursors;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Decides where one subscription begins, by the positions and entries in the engine. Blocks, but
/// not for long: without an answer, the subscription begins with live events, and its client is
/// notified that it may have missed others.
final class Beginning {

  private static final int CHUNK = 64;
  private static final int MAX_SOCKETS = 4;

  private final SharedStore store;
  private final SharedLog log;
  private final SharedArchive archive;
  private final Question question;
  private final HistoryRule rule;

  Beginning(SharedStore store, SharedLog log, SharedArchive archive, Question question) {
    this.store = store;
    this.log = log;
    this.archive = archive;
    this.question = question;
    this.rule = log.rule();
  }

  /// @param joinedAt the channel's sequence above which everything reaches the subscription anyway
  Decision decide(long joinedAt) {
    EventId through = EventId.NONE;
    try {
      through = archive.known(joinedAt);
      return decide(through);
    } catch (StreamsUnavailable e) {
      return live(through);
    }
  }

  private Decision decide(EventId through) {
    Departed.Claim claim = claim();
    boolean isUnsure = claim != null && claim.after().equals(EventId.NONE);
    Departed.Claim known = isUnsure ? null : claim;
    Decision decision;
    if (rule.replay() == Replay.MAILBOX) {
      decision = mailbox(known, through);
    } else {
      decision = known == null ? rewind(through) : resume(known, through);
    }
    if (isUnsure) {
      decision = decision.with(new Gap(Gap.Reason.LOST, EventId.NONE, null));
    }
    Identity identity = question.identity();
    if (identity != null && identity.isNarrow()) {
      var _ =
          store
              .streams()
              .hold(
                  log.key(),
                  SharedReader.name(identity),
                  question.socketId(),
                  new Streams.Position(decision.confirmed(), sockets(claim)),
                  SharedReader.LIVE_MS);
    }
    return decision;
  }

  /// The engine does not answer.
  ///
  /// @param through the last entry that was passed on before; [EventId#NONE] if none was
  private Decision live(EventId through) {
    Identity identity = question.identity();
    Departed.Claim here = question.claim();
    EventId after = here == null ? through : here.after();
    if (identity != null && (identity.isNarrow() || rule.replay() == Replay.MAILBOX)) {
      log.unclaimed().add(question.socketId());
    }
    boolean mayMiss = identity != null || rule.replay() == Replay.REWIND;
    Gap gap = mayMiss ? new Gap(Gap.Reason.LOST, after, null) : null;
    return new Decision(EventLog.END, after, gap);
  }

  private String sockets(Departed.@Nullable Claim claim) {
    List<String> former = claim == null ? List.of() : claim.sockets();
    List<String> some = former.subList(0, Math.min(former.size(), MAX_SOCKETS - 1));
    return some.isEmpty()
        ? question.socketId()
        : question.socketId() + "," + String.join(",", some);
  }

  /// What the engine knows of the client, or this node.
  private Departed.@Nullable Claim claim() {
    Identity identity = question.identity();
    Departed.Claim here = question.claim();
    if (identity == null) {
      return null;
    }
    String name = SharedReader.name(identity);
    if (identity.isNarrow()) {
      Streams.Position position =
          store.await(
              store.streams().claim(log.key(), name, question.socketId(), SharedReader.LIVE_MS));
      return position == null
          ? here
          : claim(position.confirmed(), List.of(position.sockets().split(",")));
    }
    EventId oldest = store.await(store.streams().oldest(log.key(), name));
    if (oldest == null) {
      return here;
    }
    return here != null && here.after().compareTo(oldest) < 0 ? here : claim(oldest, List.of());
  }

  private Departed.Claim claim(EventId after, List<String> sockets) {
    return new Departed.Claim(after, EventId.NONE, sockets, store.overlapMs());
  }

  /// A mailbox goes on after the older of the client's position and the cursor of its reader. To a
  /// reader without a cursor everything is new, whatever its position: its session may have begun
  /// while the engine was away.
  ///
  /// @param claim null if no position is known for it
  private Decision mailbox(Departed.@Nullable Claim claim, EventId through) {
    String reader = Cursors.reader(question.identity());
    Cursors cursors = archive.cursors(rule);
    EventId floor = store.await(store.floor());
    EventId cursor = cursors.of(reader, through.equals(EventId.NONE) ? floor : through);
    boolean isBehind =
        claim != null && claim.after().compareTo(cursor == null ? floor : cursor) <= 0;
    Decision decision;
    if (claim != null && isBehind) {
      decision = resume(claim, through);
    } else if (cursor == null) {
      decision = newest(rule.replayEvents(), Integer.MAX_VALUE, through);
    } else {
      List<String> sockets = claim == null ? List.of() : claim.sockets();
      decision = resume(new Departed.Claim(cursor, EventId.NONE, sockets, 0), through);
    }
    archive.keep(reader, decision.confirmed(), !cursors.isKnown(reader));
    return decision;
  }

  private Decision resume(Departed.Claim claim, EventId through) {
    EventId after = claim.after();
    EventId newest = archive.reach(Streams.END); // what is on its way may show a loss
    Walk walk = new Walk(after, rule.replayEvents(), Integer.MAX_VALUE);
    walk.go(newest.compareTo(through) > 0 ? newest : through);
    Gap.Reason reason =
        walk.isLost || store.isLossUnreported(log.key()) || isBefore(after, walk)
            ? Gap.Reason.LOST
            : walk.isExpired ? Gap.Reason.EXPIRED : walk.isTooMany ? Gap.Reason.TOO_MANY : null;
    Gap gap = reason == null ? null : new Gap(reason, after, walk.oldest);
    EventId from = reason == null ? claim.from() : walk.from;
    return new Decision(0, after, gap, from, claim.sockets());
  }

  /// True if the engine has lost its data since that event, and nothing shows it.
  private boolean isBefore(EventId after, Walk walk) {
    return walk.isFirst && store.await(store.floor()).compareTo(after) > 0;
  }

  /// What a subscriber gets that is not recognised.
  private Decision rewind(EventId through) {
    int most = log.channel().isCached() ? 1 : 0;
    int seconds = 0;
    if (rule.replay() == Replay.REWIND) {
      Rewind asked = question.rewind();
      most = asked == null ? rule.rewindEvents() : Math.min(rule.rewindEvents(), asked.events());
      seconds = rule.rewindSeconds();
      seconds = asked == null ? seconds : asked.secondsWithin(seconds);
    }
    return newest(most, seconds == 0 ? Integer.MAX_VALUE : seconds, through);
  }

  /// The last events, without any notice of a gap.
  private Decision newest(int most, int maxAgeSeconds, EventId through) {
    Walk walk = new Walk(EventId.NONE, most, maxAgeSeconds);
    if (most > 0) {
      walk.go(through);
    }
    EventId before = walk.oldest == null ? through : walk.from;
    // No entry is below the floor, so that it is a position like others.
    EventId confirmed = before.equals(EventId.NONE) ? store.await(store.floor()) : before;
    return walk.oldest == null
        ? new Decision(EventLog.END, confirmed, null)
        : new Decision(0, confirmed, null, confirmed, null);
  }

  /// Goes back from an entry, at most to another one, and counts events.
  private final class Walk {
    private final EventId after;
    private final int most;
    private final long maxAgeMs;
    private int count;

    /// The oldest event that is given; null for none.
    private @Nullable EventId oldest;

    /// What comes after it is given.
    private EventId from;

    private boolean isTooMany;
    private boolean isExpired;
    private boolean isLost;

    /// Nothing is known of what was before the entries that were found.
    private boolean isFirst = true;

    Walk(EventId after, int most, int maxAgeSeconds) {
      this.after = after;
      this.from = after;
      this.most = most;
      this.maxAgeMs = TimeUnit.SECONDS.toMillis(Math.min(maxAgeSeconds, rule.keepSeconds()));
    }

    void go(EventId through) {
      long nowMs = store.nowMs();
      EventId next = through;
      boolean isOver = next.compareTo(after) <= 0;
      isExpired = !isOver;
      isFirst = !isOver || next.equals(EventId.NONE);
      while (!isOver) {
        List<Streams.Entry> chunk =
            store.await(store.streams().range(log.key(), after, next, CHUNK, false));
        for (Streams.Entry entry : chunk) {
          if (isOver(entry, nowMs)) {
            return;
          }
          next = entry.previous();
        }
        isOver = chunk.size() < CHUNK || next.compareTo(after) <= 0;
      }
    }

    private boolean isOver(Streams.Entry entry, long nowMs) {
      isExpired = true;
      if (nowMs - entry.id().ms() >= maxAgeMs) {
        isFirst = false;
        return true;
      }
      EventCodec.Content content = EventCodec.read(log.channel(), entry.payload());
      isLost |= content.isLoss();
      if (content.event() != null) {
        if (count == most) {
          isTooMany = true;
          isExpired = false;
          isFirst = false;
          return true;
        }
        count++;
        oldest = entry.id();
        from = entry.previous();
      }
      isFirst = entry.previous().equals(EventId.NONE);
      isExpired = entry.previous().compareTo(after) > 0;
      return false;
    }
  }
}
