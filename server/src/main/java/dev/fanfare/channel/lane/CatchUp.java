package dev.fanfare.channel.lane;

import dev.fanfare.history.Archive;
import dev.fanfare.history.EventId;
import dev.fanfare.history.EventLog;
import dev.fanfare.history.Gap;
import dev.fanfare.history.Reader;
import dev.fanfare.history.Start;
import dev.fanfare.history.StoredEvent;
import dev.fanfare.observe.Component;
import dev.fanfare.observe.HeapExhaustion;
import dev.fanfare.observe.LineBudget;
import dev.fanfare.observe.NanoClock;
import dev.fanfare.protocol.ChannelName;
import dev.fanfare.protocol.ServerMessage;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/// One subscription to which kept events are replayed before it becomes a member of its lane's
/// [Audience], or becomes one again after its client has read too slowly. It holds a position in
/// the channel's log and no bytes, so a slow reader costs little. Confined to the lane once it was
/// decided.
///
/// Live events that the channel keeps are read from the log like older ones, up to those that the
/// lane has received. What the channel does not keep, such as facts, waits here and is sent between
/// the kept events where it belongs. Once both are exhausted, the subscription becomes a member,
/// and what it has got is not sent to it again, since its start is moved behind it.
public final class CatchUp {

  private static final Logger faults = Component.CHANNELS.logger();

  private static final Next ELSEWHERE = new Next.Elsewhere();

  /// Messages that may wait here before the connection is closed.
  public static final int MAX_ASIDE = 1_000;

  /// A message that no log has.
  ///
  /// @param after the kept events up to this sequence come before it
  private record Aside(Outbound outbound, long after) {}

  private final EventLog log;
  private final NanoClock clock;
  private final long start;

  /// For the archive of the log, which decides where it begins; null once that is decided.
  private Archive.@Nullable Question question;

  /// What was read from the archive and is sent next; null if nothing was.
  private Archive.@Nullable Page loaded;

  /// A message for this subscriber alone, which is sent next.
  private @Nullable Outbound notice;

  /// The archive could not be read.
  private boolean isUnreadable;

  /// The connections from which its client resumes; null if it does not.
  private @Nullable List<String> formerSockets;

  /// The archive is read after this event, whatever the position is; null if the position says it.
  private @Nullable EventId from;

  private final ArrayDeque<Aside> aside = new ArrayDeque<>(0);

  private @Nullable Subscription subscription;

  /// The sequence of the channel when the subscription was decided.
  private long joinedAt;

  /// Everything up to this sequence was sent.
  private long position;

  /// The highest sequence that the lane has received, or that was decided before the subscription.
  private long known;

  /// The last kept event that was sent, as far as that is known.
  private EventId given = EventId.NONE;

  /// It is notified that events up to this were lost.
  private EventId lost = EventId.NONE;

  /// The first event that it was not given as a member; null if it was none before.
  private @Nullable EventId missed;

  private boolean isOver;

  /// Of a member that has been given everything before an event.
  ///
  /// @param first the event, which a rule keeps
  /// @param given a kept event up to which it was given everything, in case the log has dropped the
  ///   last one before `first`; null if none is known
  static CatchUp behind(
      Subscription subscription,
      EventLog log,
      Outbound first,
      @Nullable EventId given,
      NanoClock clock) {
    long sequence = first.sequence() - 1;
    CatchUp behind = new CatchUp(log, new Start(sequence, null, null, null, null), clock);
    behind.begin(subscription);
    behind.known = Math.max(behind.known, sequence);
    behind.missed = first.storedId();
    EventId last = log.idAt(sequence);
    behind.given = last != null ? last : given != null ? given : behind.given;
    return behind;
  }

  CatchUp(EventLog log, Start start, NanoClock clock) {
    this.log = log;
    this.clock = clock;
    this.formerSockets = start.formerSockets();
    this.question = start.question();
    this.start = start.after();
    this.position = start.after();
  }

  /// Called once, before anything else.
  void begin(Subscription begun) {
    subscription = begun;
    joinedAt = begun.joinedAt;
    known = begun.joinedAt;
    Reader reader = begun.reader();
    if (reader != null) {
      given = reader.confirmed();
    }
  }

  Subscription subscription() {
    return Objects.requireNonNull(subscription, "not begun");
  }

  public long start() {
    return start;
  }

  /// Everything up to this sequence was sent.
  long position() {
    return position;
  }

  /// The last kept event that was sent, as far as that is known; [EventId#NONE] if it is not.
  EventId given() {
    return given;
  }

  /// The subscription ended.
  void end() {
    isOver = true;
    aside.clear();
  }

  boolean isOver() {
    return isOver;
  }

  /// The lane has received a message for the subscribers of the channel.
  void feed(Outbound outbound) {
    if (!outbound.isStored()) {
      boolean isKnown =
          outbound.sequence() <= joinedAt
              || (outbound.excludes() && outbound.excludes(subscription()));
      Losses losses =
          missed != null && outbound.isEvent() ? subscription().subscriber.losses() : null;
      if (!isKnown && losses != null) {
        losses.onSkipped(1);
      } else if (!isKnown) {
        aside.add(new Aside(outbound, known));
      }
    }
    if (outbound.sequence() != Outbound.UNSEQUENCED) {
      known = Math.max(known, outbound.sequence());
    }
  }

  /// What is sent next.
  sealed interface Next {

    /// Kept events in a row, the same for all who are at this position.
    record Kept(List<StoredEvent> events) implements Next {}

    /// A message that the channel does not keep.
    record Other(Outbound outbound) implements Next {}

    /// It has fallen so far behind that it cannot get everything.
    record Lost(String reason) implements Next {}

    /// It is not in memory: [#load] it first.
    record Elsewhere() implements Next {}
  }

  /// Takes what is sent next; null if there is nothing more at present.
  @Nullable Next next() {
    if (isUnreadable) {
      return new Next.Lost("The history of the channel cannot be read at present");
    }
    if (notice != null) {
      Next next = new Next.Other(notice);
      notice = null;
      return next;
    }
    Archive.Page page = loaded;
    if (page != null) {
      return next(page);
    }
    if (question != null || from != null) {
      return ELSEWHERE;
    }
    if (aside.size() > MAX_ASIDE) {
      return new Next.Lost(
          "The client read so slowly that more than " + MAX_ASIDE + " messages waited for it");
    }
    Aside first = aside.peek();
    EventLog.Block block =
        log.read(position, first == null ? known : first.after, clock.nanoTime());
    if (block.isElsewhere()) {
      return ELSEWHERE;
    }
    // A client that resumes must not miss anything without being notified, which happens when it
    // returns.
    long owed = formerSockets == null ? Math.max(position, joinedAt) : position;
    if (block.lostSequence() > owed) {
      return lost(block.lostSequence(), block.events());
    }
    List<StoredEvent> events = block.events();
    if (!events.isEmpty()) {
      return kept(events, events.getLast().sequence());
    }
    if (first != null) {
      aside.remove();
      return new Next.Other(first.outbound);
    }
    return null;
  }

  private @Nullable Next next(Archive.Page page) {
    EventId purged = log.purged();
    boolean isLost =
        missed != null
            && page.lost().compareTo(missed) >= 0
            && page.lost().compareTo(given) > 0
            && page.lost().compareTo(lost) > 0
            && page.lost().compareTo(purged) > 0;
    if (isLost) {
      lost = page.lost();
      return lost(position, page.events());
    }
    loaded = null;
    List<StoredEvent> events =
        page.events().stream().filter(event -> event.id().compareTo(purged) > 0).toList();
    if (events.isEmpty()) {
      position = Math.max(position, page.through());
      return next();
    }
    return kept(events, page.through());
  }

  private Next kept(List<StoredEvent> events, long through) {
    position = Math.max(position, through);
    given = events.getLast().id();
    return new Next.Kept(events);
  }

  /// Events up to a sequence are no longer kept.
  ///
  /// @param left what is sent next
  private Next lost(long sequence, List<StoredEvent> left) {
    Subscription begun = subscription();
    Losses losses = begun.subscriber.losses();
    if (losses == null) {
      return new Next.Lost("The client read so slowly that events for it are no longer kept");
    }
    losses.onGap();
    position = Math.max(position, sequence);
    EventId oldest = left.isEmpty() ? null : left.getFirst().id();
    Gap gap = new Gap(Gap.Reason.EXPIRED, given, oldest);
    ServerMessage message = gap.message(begun.channelName());
    return new Next.Other(Outbound.fact(begun.channel, message, Outbound.UNSEQUENCED));
  }

  /// Reads what is sent next from the archive, on another thread, and then calls `whenLoaded` on
  /// the lane.
  void load(Runnable whenLoaded) {
    Archive archive = Objects.requireNonNull(log.archive(), "no archive");
    Archive.Question asked = question;
    EventId afterId = from;
    long after = position;
    long through = joinedAt;
    Lane lane = subscription().subscriber.lane();
    archive.execute(() -> {
      Runnable result;
      try {
        if (asked != null) {
          Archive.Decision decision = archive.decide(asked, through);
          result = () -> begin(decision);
        } else {
          long nowNs = clock.nanoTime();
          Archive.Page page =
              afterId == null ? archive.page(after, nowNs) : archive.page(afterId, nowNs);
          result = () -> take(page);
        }
      } catch (RuntimeException | Error e) {
        HeapExhaustion.exitIf(e);
        if (LineBudget.FAULTS.permits(faults)) {
          faults.error("failed to read history", e);
        }
        result = () -> isUnreadable = true;
      }
      Runnable finished = result;
      lane.execute(() -> {
        finished.run();
        whenLoaded.run();
      });
    });
  }

  private void begin(Archive.Decision decision) {
    question = null;
    Subscription begun = subscription();
    Reader reader = begun.reader();
    if (reader != null) {
      reader.beginAt(decision.confirmed());
    }
    from = decision.from();
    List<String> sockets = decision.sockets();
    if (sockets != null) {
      formerSockets = sockets;
      if (reader != null) {
        reader.resumedFrom(sockets);
      }
    }
    boolean isNothing = decision.after() == EventLog.END;
    position = isNothing ? joinedAt : Math.min(decision.after(), joinedAt);
    ChannelName name = begun.channelName();
    if (decision.gap() != null) {
      ServerMessage message = decision.gap().message(name);
      notice = Outbound.fact(begun.channel, message, Outbound.UNSEQUENCED);
    } else if (isNothing && name.isCached()) {
      ServerMessage message = new ServerMessage.CacheMiss(name.value());
      notice = Outbound.fact(begun.channel, message, Outbound.UNSEQUENCED);
    }
  }

  private void take(Archive.Page page) {
    loaded = page;
    from = page.next();
    Gap gap = page.gap();
    if (gap != null) {
      Subscription begun = subscription();
      Reader reader = begun.reader();
      if (reader != null) {
        reader.interrupt();
      }
      ServerMessage message = gap.message(begun.channelName());
      notice = Outbound.fact(begun.channel, message, Outbound.UNSEQUENCED);
    }
  }

  /// The lane has received everything that was sent to it from the log.
  boolean isReached() {
    return position <= known || log.read(known, position, clock.nanoTime()).events().isEmpty();
  }

  /// It has got everything up to what the lane knows, and joins the others there.
  void complete() {
    isOver = true;
    subscription().caughtUp(known, given);
  }

  /// True if this subscriber must not get the event, since it is its sender.
  boolean excludes(StoredEvent event) {
    String except = event.publication().exceptSocketId();
    return except != null
        && (subscription().subscriber.socketId().equals(except)
            || (formerSockets != null && formerSockets.contains(except)));
  }

  /// The same event as it is delivered to subscribers.
  Outbound outbound(StoredEvent event) {
    return Outbound.stored(subscription().channel, event);
  }
}
