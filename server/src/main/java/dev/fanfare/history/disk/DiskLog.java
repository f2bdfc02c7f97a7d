package dev.fanfare.history.disk;

import dev.fanfare.app.HistoryRule;
import dev.fanfare.history.Archive;
import dev.fanfare.history.Departed;
import dev.fanfare.history.EventId;
import dev.fanfare.history.EventLog;
import dev.fanfare.history.HistoryPage;
import dev.fanfare.history.Identity;
import dev.fanfare.history.PresenceEvents;
import dev.fanfare.history.Purge;
import dev.fanfare.history.StoredEvent;
import dev.fanfare.history.UnreadableHistory;
import dev.fanfare.history.segment.SegmentLog;
import dev.fanfare.history.segment.SegmentRecord;
import dev.fanfare.protocol.Origin;
import dev.fanfare.protocol.Parsed;
import dev.fanfare.protocol.Publication;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// What one channel keeps: the newest events in memory, and all of them in the files of its rule.
final class DiskLog implements EventLog, Archive {

  /// Events of a page.
  private static final int PAGE_EVENTS = 32;

  private static final int PAGE_BYTES = 64 * 1_024;

  /// Readers of a channel; above that, the one that was seen least recently is forgotten.
  private static final int MAX_READERS = 20;

  private static final long WRITE_SECONDS = 30;

  /// Of a purge that is not in the files.
  static final Parsed<Integer> UNWRITTEN_PURGE =
      new Parsed.Bad<>(
          "what was purged is not delivered any more, but the disk fails, so that it would come"
              + " back if the server stopped now");

  private final String channel;

  /// It keeps joins and leaves, which are never refused.
  private final boolean isPresence;

  private final EventLog recent;
  private final RuleLog log;
  private final DiskStore store;

  /// All events with a lower sequence were kept before this log was opened.
  private final long floor;

  private volatile HistoryRule rule;

  /// Everything up to this event was purged; null until it was read from the files.
  private final AtomicReference<@Nullable EventId> purged = new AtomicReference<>();

  /// When readers were purged, milliseconds since 1970.
  private volatile long readersPurgedMs;

  /// @param channel its name, or that of its [PresenceEvents]
  DiskLog(String channel, HistoryRule rule, EventLog recent, RuleLog log, DiskStore store) {
    this.channel = channel;
    this.isPresence = PresenceEvents.isLog(channel);
    this.rule = rule;
    this.recent = recent;
    this.log = log;
    this.store = store;
    this.floor = store.highest();
  }

  @Override
  public Archive archive() {
    return this;
  }

  @Override
  public long floor() {
    return floor;
  }

  @Override
  public StoredEvent append(Publication publication, long sequence, long nowNs) {
    StoredEvent event = recent.append(publication, sequence, nowNs);
    store.reach(sequence);
    if (isPresence && store.checkRoom() instanceof Parsed.Bad) {
      log.refused();
      return event;
    }
    SegmentRecord.Event written =
        isPresence
            ? SegmentRecord.Event.ofPresence(event.id(), sequence, publication)
            : new SegmentRecord.Event(
                event.id(), sequence, publication, event.showsId(), event.idInData());
    store.writer().offer(log, written, event.bytes());
    if (isPresence || publication.origin() == Origin.CLIENT) {
      store.writer().wake(); // no response waits for it
    }
    return event;
  }

  @Override
  public void apply(HistoryRule changed, long nowNs) {
    rule = changed;
    log.keep(changed.keepSeconds());
    recent.apply(changed, nowNs);
  }

  @Override
  public long rewind(int events, long maxAgeNs, long nowNs) {
    return recent.rewind(events, maxAgeNs, nowNs);
  }

  @Override
  public Resumption resume(Departed.Claim claim, int most) {
    return recent.resume(claim, most);
  }

  @Override
  public @Nullable EventId idAt(long sequence) {
    return sequence < floor ? null : recent.idAt(sequence);
  }

  @Override
  public Block read(long after, long through, long nowNs) {
    Block block = recent.read(after, through, nowNs);
    return after < floor || after < block.lostSequence()
        ? Block.ELSEWHERE
        : new Block(block.events(), 0);
  }

  @Override
  public @Nullable StoredEvent newest(long nowNs) {
    return recent.newest(nowNs);
  }

  @Override
  public void expire(long nowNs) {
    recent.expire(nowNs);
  }

  @Override
  public long dueNs() {
    return recent.dueNs();
  }

  @Override
  public EventId close() {
    var _ = recent.close();
    return EventId.NONE; // the files keep everything
  }

  @Override
  public void execute(Runnable task) {
    store.loaders().execute(task);
  }

  @Override
  public void seen(Identity identity, EventId confirmed) {
    String reader = Mailbox.reader(rule, identity);
    if (reader != null) {
      long seenMs = Math.max(store.nowMs(), readersPurgedMs + 1);
      SegmentRecord cursor = new SegmentRecord.Cursor(channel, reader, confirmed, seenMs);
      store.writer().offer(log, cursor, channel.length() + reader.length());
    }
  }

  /// Everything that was appended before is in the files afterwards, unless the disk fails.
  private void awaitWritten() {
    var _ = isWritten(store.writer().written());
  }

  static boolean isWritten(CompletableFuture<Boolean> written) {
    try {
      return written.get(WRITE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } catch (ExecutionException | TimeoutException e) {
      throw new UnreadableHistory("history was not written within " + WRITE_SECONDS + " s", e);
    }
  }

  @Override
  public Decision decide(Question question, long through) {
    HistoryRule current = rule;
    long nowMs = store.nowMs();
    try {
      Snapshot kept = snapshot(current, nowMs, question.nowNs()).through(through);
      Decision decision = new Mailbox(current, kept, cursors(current, nowMs)).decide(question);
      Identity identity = question.identity();
      if (identity != null && current.replay() == HistoryRule.Replay.MAILBOX) {
        seen(identity, decision.confirmed());
      }
      return decision;
    } catch (IOException e) {
      throw new UnreadableHistory("cannot read the history of channel " + channel, e);
    }
  }

  @Override
  public HistoryPage page(HistoryPage.Query query, long nowNs) {
    try {
      return snapshot(rule, store.nowMs(), nowNs).page(query, nowNs);
    } catch (IOException e) {
      throw new UnreadableHistory("cannot read the history of channel " + channel, e);
    }
  }

  /// Everything that the channel keeps.
  private Snapshot snapshot(HistoryRule current, long nowMs, long nowNs) throws IOException {
    awaitWritten();
    Map<String, EventId> users = isPresence ? log.purgedUsers() : Map.of();
    Snapshot.Builder builder =
        new Snapshot.Builder(current, nowMs, nowNs, new Snapshot.Purged(purgedThrough(), users));
    SegmentLog segments = log.segments();
    if (segments != null) {
      segments.events(channel, builder::add);
      builder.droppedThrough(segments.droppedThrough());
    }
    return builder.build(recent);
  }

  /// Everything up to this event was purged, also before the log was opened. Read from the files
  /// once.
  private EventId purgedThrough() throws IOException {
    EventId known = purged.get();
    if (known != null) {
      return known;
    }
    EventId unwritten = log.unwrittenPurge(channel);
    SegmentLog segments = log.segments();
    if (segments == null) {
      return unwritten;
    }
    EventId[] through = {EventId.NONE};
    segments.others(
        channel,
        found -> {
          if (found instanceof SegmentRecord.Purge purge) {
            through[0] = purge.through();
          }
          return through[0].equals(EventId.NONE);
        });
    EventId newest = unwritten.compareTo(through[0]) > 0 ? unwritten : through[0];
    var _ = purged.compareAndSet(null, newest); // unless there was another one meanwhile
    return Objects.requireNonNull(purged.get());
  }

  @Override
  public EventId purged() {
    return Objects.requireNonNullElse(purged.get(), EventId.NONE);
  }

  @Override
  public Purge purge(boolean withReaders, long nowNs) {
    Purge memory = recent.purge(withReaders, nowNs);
    EventId through = memory.through();
    long nowMs = store.nowMs();
    log.purging(channel, through);
    EventId before = purged.getAndSet(through);
    readersPurgedMs = withReaders ? nowMs : readersPurgedMs;
    store
        .writer()
        .offer(
            log, new SegmentRecord.Purge(channel, through, nowMs, withReaders), channel.length());
    CompletableFuture<Boolean> written = store.writer().written();
    PurgedFiles files = new PurgedFiles(channel, rule, memory, before, nowMs);
    return new Purge(
        through,
        memory.oldest(),
        memory.inMemory(),
        memory.bytes(),
        () -> {
          if (!isWritten(written)) {
            return UNWRITTEN_PURGE;
          }
          int more = files.count(log);
          store.memory().purged(more);
          return new Parsed.Ok<>(more);
        });
  }

  /// The cursors of readers, the last seen first.
  private SequencedMap<String, SegmentRecord.Cursor> cursors(HistoryRule current, long nowMs)
      throws IOException {
    SequencedMap<String, SegmentRecord.Cursor> cursors = new LinkedHashMap<>();
    SegmentLog segments = log.segments();
    if (segments != null && current.replay() == HistoryRule.Replay.MAILBOX) {
      segments.others(
          channel,
          found -> {
            if (found instanceof SegmentRecord.Purge purge && purge.withReaders()) {
              return false;
            }
            if (found instanceof SegmentRecord.Cursor cursor) {
              boolean isRecent = nowMs - cursor.seenMs() < current.keepSeconds() * 1_000L;
              if (isRecent && cursors.size() < MAX_READERS) {
                cursors.putIfAbsent(cursor.reader(), cursor);
              }
              return isRecent && cursors.size() < MAX_READERS;
            }
            return true;
          });
    }
    return cursors;
  }

  @Override
  public Page page(long after, long nowNs) {
    long through = Math.max(floor, recent.read(END - 1, END - 1, nowNs).lostSequence());
    if (after >= through) {
      return new Page(List.of(), after, EventId.NONE);
    }
    awaitWritten();
    SegmentLog segments = log.segments();
    if (segments == null) {
      return new Page(List.of(), through, EventId.NONE);
    }
    try {
      EventId purgedThrough = purgedThrough();
      PageOfFiles page = new PageOfFiles(store.nowMs(), nowNs);
      segments.eventsAfter(
          after,
          channel,
          event ->
              event.sequence() <= through
                  && (event.id().compareTo(purgedThrough) <= 0 || page.add(event)));
      EventId dropped = segments.droppedThrough();
      return page.build(through, dropped.compareTo(purgedThrough) > 0 ? dropped : EventId.NONE);
    } catch (IOException e) {
      throw new UnreadableHistory("cannot read the history of channel " + channel, e);
    }
  }

  /// Collects the events of a page. Used by one thread.
  private static final class PageOfFiles {
    private final long nowMs;
    private final long nowNs;
    private final List<StoredEvent> events = new ArrayList<>(PAGE_EVENTS);
    private long bytes;

    PageOfFiles(long nowMs, long nowNs) {
      this.nowMs = nowMs;
      this.nowNs = nowNs;
    }

    /// False once the page is full.
    boolean add(SegmentRecord.Event found) {
      StoredEvent event = Snapshot.stored(found, nowMs, nowNs);
      if (!event.isOver(nowNs)) {
        events.add(event);
        bytes += event.bytes();
      }
      return !isFull();
    }

    private boolean isFull() {
      return events.size() == PAGE_EVENTS || bytes > PAGE_BYTES;
    }

    /// @param through the files have no others with a sequence up to this, if the page is not full
    /// @param lost a bound of the events that the files do not have any more
    Page build(long through, EventId lost) {
      return new Page(events, isFull() ? events.getLast().sequence() : through, lost);
    }
  }
}
