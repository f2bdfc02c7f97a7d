package dev.fanfare.history.disk;

import dev.fanfare.app.App;
import dev.fanfare.app.ChannelFilter;
import dev.fanfare.app.ChannelKey;
import dev.fanfare.app.HistoryRule;
import dev.fanfare.budget.Ledger;
import dev.fanfare.history.Departed;
import dev.fanfare.history.EventLog;
import dev.fanfare.history.HistoryOptions;
import dev.fanfare.history.HistoryOptions.DiskFailure;
import dev.fanfare.history.HistoryPage;
import dev.fanfare.history.HistoryStore;
import dev.fanfare.history.MemoryStore;
import dev.fanfare.history.PresenceEvents;
import dev.fanfare.history.Purge;
import dev.fanfare.history.ResumeOptions;
import dev.fanfare.history.segment.NewerFormat;
import dev.fanfare.history.segment.SegmentLog;
import dev.fanfare.observe.Component;
import dev.fanfare.observe.NanoClock;
import dev.fanfare.observe.Vitals;
import dev.fanfare.protocol.ChannelName;
import dev.fanfare.protocol.Parsed;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.InstantSource;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/// Keeps the events of rules with `store: disk` in files, and the newest of them in memory; those
/// of other rules in memory only, but over an orderly restart. Opens no file unless there is a
/// rule. Any thread.
public final class DiskStore implements HistoryStore, AutoCloseable {

  /// Sequences of a process are above those of earlier ones: its start in milliseconds, and this
  /// many bits for what happens in one of them.
  private static final int SEQUENCE_BITS = 20;

  private static final String ADVICE =
      ". Choose another folder, or set `store: memory` in the rules for history";

  private static final long ANSWERS_NS = TimeUnit.SECONDS.toNanos(5);
  private static final long POLL_NS = TimeUnit.MILLISECONDS.toNanos(10);

  private static final Logger log = Component.CHANNELS.logger();

  private final MemoryStore memory;
  private final HistoryOptions options;
  private final InstantSource wall;
  private final NanoClock clock;
  private final OrderlyRestart restart;
  private final HistoryWriter writer;
  private final Loaders loaders = new Loaders();
  private final ConcurrentMap<String, RuleLog> logs = new ConcurrentHashMap<>();

  /// At least the sequence of every event in the files.
  private final AtomicLong highest;

  private @Nullable FileChannel lockFile;
  private boolean isStarted;

  /// A store that opens no file yet.
  ///
  /// @param clock the server's monotonic clock
  public static DiskStore of(
      Ledger ledger,
      HistoryOptions options,
      ResumeOptions resume,
      InstantSource wall,
      NanoClock clock) {
    return new DiskStore(new MemoryStore(ledger.history(), wall, resume), options, wall, clock);
  }

  private DiskStore(
      MemoryStore memory, HistoryOptions options, InstantSource wall, NanoClock clock) {
    this.memory = memory;
    this.options = options;
    this.wall = wall;
    this.clock = clock;
    this.restart = new OrderlyRestart(folder(), memory, wall, clock);
    this.highest = new AtomicLong(wall.millis() << SEQUENCE_BITS);
    this.writer =
        new HistoryWriter(
            wall, NanoClock.SYSTEM, TimeUnit.MILLISECONDS.toNanos(options.syncMilliseconds()));
  }

  /// Opens the files of all rules of these apps.
  ///
  /// @throws IOException with a sentence that names the folder, the problem and the option
  public void open(Iterable<App> apps) throws IOException {
    for (App app : apps) {
      if (!app.history().isEmpty() && !options.dataDir().isEmpty()) {
        restart.checkFormat();
      }
      for (HistoryRule rule : app.history()) {
        if (rule.store() == HistoryRule.Store.DISK) {
          prepare(app, rule);
        }
      }
    }
  }

  /// Takes over what the process before had in memory when it was shut down. After [#open].
  ///
  /// @param opening opens the log of a channel
  public void restore(Iterable<App> apps, Consumer<ChannelKey> opening) {
    for (App app : apps) {
      if (!app.history().isEmpty()) {
        if (mayKeep()) {
          restart.load(opening);
        }
        return;
      }
    }
  }

  /// True if what is in memory may be kept in a file for the next start.
  private boolean mayKeep() {
    if (options.dataDir().isEmpty()) {
      return false;
    }
    try {
      lock();
      return true;
    } catch (IOException e) {
      log.warn("history in memory will be lost with this process: {}", e.getMessage());
      return false;
    }
  }

  /// Waits until clients have answered their close frames, so that nothing that they have got is
  /// sent to them again after the restart, but for five seconds at most.
  public void awaitAnswers() {
    long deadlineNs = NanoClock.SYSTEM.nanoTime() + ANSWERS_NS;
    while (!options.dataDir().isEmpty()
        && departed().isAwaitingAnswers(clock.nanoTime())
        && NanoClock.SYSTEM.nanoTime() < deadlineNs) {
      LockSupport.parkNanos(POLL_NS);
    }
  }

  private void prepare(App app, HistoryRule rule) throws IOException {
    try {
      lock();
    } catch (IOException e) {
      throw new IOException(e.getMessage() + ADVICE, e);
    }
    try {
      SegmentLog segments = log(app, rule).open();
      memory.reserveIds(segments.lastId());
      reach(segments.lastSequence() + 1);
    } catch (IOException e) {
      throw new IOException(complaint("cannot be used: " + reason(e)) + ADVICE, e);
    }
  }

  private static String reason(IOException e) {
    String kind = e.getClass().getSimpleName();
    String text = e.getMessage();
    return text == null ? kind : e instanceof NewerFormat ? text : kind + ": " + text;
  }

  private String complaint(String problem) {
    return "webhooks.data_dir: " + folder().toAbsolutePath() + " " + problem;
  }

  private Path folder() {
    return Path.of(options.dataDir(), "history");
  }

  /// The log of a rule; a new one is opened by the thread that writes.
  RuleLog log(App app, HistoryRule rule) {
    RuleLog log = logs.computeIfAbsent(key(app, rule.channels()), _ -> newLog(app, rule));
    log.keep(rule.keepSeconds());
    return log;
  }

  private RuleLog newLog(App app, HistoryRule rule) {
    start();
    RuleLog log =
        new RuleLog(
            folder().resolve(key(app, rule.channels())),
            options.diskBytes(),
            rule.keepSeconds(),
            this::lock);
    writer.add(log);
    return log;
  }

  /// The name of a folder: a rule is known by its app and channels.
  private static String key(App app, ChannelFilter channels) {
    String text =
        String.join(
            "\n", app.id(), channels.prefix(), channels.suffix(), channels.pattern().toString());
    return UUID.nameUUIDFromBytes(text.getBytes(StandardCharsets.UTF_8)).toString();
  }

  private synchronized void start() {
    if (!isStarted) {
      isStarted = true;
      writer.start();
    }
  }

  /// Locks the folder, so that two servers do not write the same files.
  private synchronized void lock() throws IOException {
    if (lockFile != null) {
      return;
    }
    try {
      Files.createDirectories(folder());
      if (Files.getFileStore(folder()).supportsFileAttributeView("posix")) {
        Files.setPosixFilePermissions(folder(), PosixFilePermissions.fromString("rwx------"));
      }
      lockFile =
          FileChannel.open(
              folder().resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    } catch (IOException e) {
      throw new IOException(complaint("cannot be used: " + reason(e)), e);
    }
    FileLock held;
    try {
      held = lockFile.tryLock();
    } catch (OverlappingFileLockException e) {
      held = null;
    }
    if (held == null) {
      throw new IOException(
          complaint("is in use by another server; each server needs a separate folder"));
    }
  }

  @Override
  public EventLog open(App app, ChannelName channel, HistoryRule rule) {
    EventLog recent = memory.open(app, channel, rule);
    return rule.store() == HistoryRule.Store.DISK
        ? new DiskLog(channel.value(), rule, recent, log(app, rule), this)
        : recent;
  }

  @Override
  public EventLog openPresence(App app, ChannelName channel, HistoryRule rule) {
    EventLog recent = memory.openPresence(app, channel, rule);
    return rule.store() == HistoryRule.Store.DISK
        ? new DiskLog(PresenceEvents.log(channel), rule, recent, log(app, rule), this)
        : recent;
  }

  @Override
  public Purge purgeUser(App app, String userId, long nowNs) {
    return new UserPurge(this, app, userId).run(app, nowNs);
  }

  @Override
  public HistoryPage page(
      App app, ChannelName channel, HistoryRule rule, HistoryPage.Query query, long nowNs) {
    return open(app, channel, rule).page(query, nowNs);
  }

  @Override
  public Departed departed() {
    return memory.departed();
  }

  @Override
  public Parsed<Parsed.Passed> checkRoom() {
    return writer.checkRoom();
  }

  @Override
  public Parsed<Parsed.Passed> checkDisk(App app, HistoryRule rule) {
    if (options.onDiskFailure() == DiskFailure.ACCEPT || isWritable()) {
      return Parsed.PASSED;
    }
    RuleLog log = logs.get(key(app, rule.channels()));
    return log == null || !log.isFailing()
        ? Parsed.PASSED
        : new Parsed.Bad<>(
            "History cannot be written to the disk, and history_on_disk_failure is refuse");
  }

  private boolean isWritable() {
    return logs.values().stream().noneMatch(RuleLog::isFailing);
  }

  /// What operators should know: a sentence without a full stop; empty if all is well. Any thread.
  public String problem() {
    if (isWritable()) {
      return "";
    }
    return options.onDiskFailure() == DiskFailure.ACCEPT
        ? "the disk fails for history, so new events are kept in memory only"
        : "the disk fails for history, so new events that must be written are refused";
  }

  @Override
  public CompletableFuture<Boolean> written() {
    return writer.written();
  }

  HistoryWriter writer() {
    return writer;
  }

  Loaders loaders() {
    return loaders;
  }

  long nowMs() {
    return wall.millis();
  }

  /// At least the sequence of every event in the files.
  long highest() {
    return highest.get();
  }

  /// There is an event with this sequence.
  void reach(long sequence) {
    if (sequence > highest.get()) {
      var _ = highest.accumulateAndGet(sequence, Math::max);
    }
  }

  /// What is kept in memory.
  public MemoryStore memory() {
    return memory;
  }

  /// Bytes of all files. Any thread.
  public long diskBytes() {
    return logs.values().stream()
        .map(RuleLog::segments)
        .mapToLong(segments -> segments == null ? 0 : segments.size())
        .sum();
  }

  /// Records that were read from the files since the start. Any thread.
  public long reads() {
    return logs.values().stream()
        .map(RuleLog::segments)
        .mapToLong(segments -> segments == null ? 0 : segments.reads())
        .sum();
  }

  /// Whether everything is written; null if no rule asks for it. Any thread.
  public @Nullable Boolean isDurable() {
    return logs.isEmpty() ? null : isWritable();
  }

  /// Events and positions that could not be written. Any thread.
  public long lost() {
    return logs.values().stream().mapToLong(RuleLog::lost).sum();
  }

  /// Reports the thread that writes if it hangs.
  public void watch(Vitals vitals) {
    vitals.add(writer.vital());
  }

  /// Writes everything that waits and what is in memory, and closes the files.
  @Override
  public synchronized void close() {
    loaders.close();
    OrderlyRestart.Contents contents = restart.contents();
    if (!contents.isEmpty() && mayKeep()) {
      restart.save(contents);
    }
    if (isStarted) {
      writer.close();
    }
    if (lockFile != null) {
      try {
        lockFile.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
