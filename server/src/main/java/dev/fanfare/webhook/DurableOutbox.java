package dev.fanfare.webhook;

import dev.fanfare.observe.Component;
import dev.fanfare.observe.NanoClock;
import dev.fanfare.observe.Vital;
import dev.fanfare.observe.Vitals;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/// An outbox that survives the process: a [MemoryOutbox] that answers queries, and a file to which
/// every change is written before the call returns.
///
/// While the disk fails, the outbox continues in memory, so nothing is lost as long as the process
/// runs. The disk is retried from time to time, and everything it missed is then written at once.
/// Changes are serialized, because they are written in order; queries never wait for the disk.
public final class DurableOutbox implements Outbox {

  private static final Logger log = Component.WEBHOOKS.logger();

  private static final long MAINTENANCE_MS = 1_000;
  private static final long RETRY_NS = TimeUnit.SECONDS.toNanos(10);
  private static final long LOG_NS = TimeUnit.MINUTES.toNanos(1);

  private final DataFolder folder;
  private final NanoClock clock;
  private final MemoryOutbox memory;
  private final ScheduledExecutorService maintainer =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("fanfare-outbox").daemon().factory());

  // Guarded by this. Without a file, the outbox is in memory only because the disk failed.
  private @Nullable OutboxFile file;
  private String failure = "";
  private long failedAtNs;
  private boolean loggedDurable = true;
  private @Nullable Long loggedAtNs;
  private boolean closed;

  private final Vital vital = new Vital("fanfare-outbox");

  // Written under the lock, read by any thread.
  private volatile boolean durable = true;

  private DurableOutbox(DataFolder folder, NanoClock clock, MemoryOutbox memory, OutboxFile file) {
    this.folder = folder;
    this.clock = clock;
    this.memory = memory;
    this.file = file;
  }

  /// Opens the outbox in a folder, and creates both if necessary.
  ///
  /// @throws IOException with a sentence that names the folder, the problem and the option to
  ///   change
  public static DurableOutbox open(WebhookOptions options, NanoClock clock, InstantSource wall)
      throws IOException {
    DataFolder folder = new DataFolder(Path.of(options.dataDir()), "", wall);
    return open(folder, options.maxDeadLetters(), clock);
  }

  static DurableOutbox open(DataFolder folder, int maxDeadLetters, NanoClock clock)
      throws IOException {
    DataFolder.Opened opened = folder.open();
    MemoryOutbox memory = new MemoryOutbox(maxDeadLetters, opened.holdings());
    DurableOutbox outbox = new DurableOutbox(folder, clock, memory, opened.file());
    var _ =
        outbox.maintainer.scheduleWithFixedDelay(
            () -> outbox.vital.run(outbox::maintain),
            MAINTENANCE_MS,
            MAINTENANCE_MS,
            TimeUnit.MILLISECONDS);
    return outbox;
  }

  @Override
  public void watch(Vitals vitals) {
    vitals.add(vital);
  }

  @Override
  public synchronized List<Entry> accept(List<Draft> drafts) {
    List<Entry> entries = memory.accept(drafts);
    write(ids(entries));
    return entries;
  }

  @Override
  public synchronized void delivered(List<Entry> entries) {
    memory.delivered(entries);
    write(ids(entries));
  }

  @Override
  public synchronized int attempted(List<Entry> entries) {
    int most = memory.attempted(entries);
    write(ids(entries));
    return most;
  }

  @Override
  public synchronized void dead(List<Entry> entries, long nowMs, String reason) {
    memory.dead(entries, nowMs, reason);
    write(ids(entries));
  }

  @Override
  public synchronized Optional<Entry> replay(String appId, long id, long nowMs) {
    Optional<Entry> entry = memory.replay(appId, id, nowMs);
    entry.ifPresent(replayed -> write(List.of(id, replayed.id())));
    return entry;
  }

  @Override
  public synchronized List<Entry> replay(Selection selection, long nowMs) {
    List<Long> ids = deadIds(selection);
    List<Entry> entries = memory.replay(selection, nowMs);
    ids.addAll(ids(entries));
    write(ids);
    return entries;
  }

  @Override
  public synchronized int purge(Selection selection) {
    List<Long> ids = deadIds(selection);
    int purged = memory.purge(selection);
    write(ids);
    return purged;
  }

  private List<Long> deadIds(Selection selection) {
    List<Long> ids = new ArrayList<>();
    for (DeadLetter letter : memory.deadLetters(selection, 0, Integer.MAX_VALUE)) {
      ids.add(letter.entry().id());
    }
    return ids;
  }

  private static List<Long> ids(List<Entry> entries) {
    return entries.stream().map(Entry::id).toList();
  }

  private void write(List<Long> ids) {
    OutboxFile open = file;
    if (open != null && !ids.isEmpty()) {
      attempt(open, () -> open.write(memory, ids));
    }
  }

  /// Maintains the file, or retries a disk that failed. Called once a second.
  synchronized void maintain() {
    if (closed) {
      return;
    }
    OutboxFile open = file;
    if (open != null) {
      attempt(open, open::maintain);
    } else if (clock.nanoTime() - failedAtNs >= RETRY_NS) {
      reopen();
    }
    log();
  }

  /// Changes the file, and continues in memory if that fails. Java closes the file of a thread that
  /// is interrupted; that is no failure of the disk, so the file is opened again at once.
  private void attempt(OutboxFile open, Runnable change) {
    boolean interrupted = Thread.interrupted();
    try {
      change.run();
    } catch (RuntimeException e) {
      if (Thread.interrupted()) {
        interrupted = true;
        abandon(open);
        reopen();
      } else {
        abandon(open);
        continueInMemory(e);
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private void reopen() {
    OutboxFile reopened = null;
    try {
      reopened = folder.open().file();
      reopened.writeAll(memory.holdings());
      file = reopened;
      durable = true;
    } catch (IOException | RuntimeException e) {
      if (reopened != null) {
        abandon(reopened);
      }
      continueInMemory(e);
    }
  }

  private void continueInMemory(Exception e) {
    file = null;
    durable = false;
    failedAtNs = clock.nanoTime();
    failure = DataFolder.reason(e);
    log();
  }

  private static void abandon(OutboxFile failed) {
    try {
      failed.abandon();
    } catch (RuntimeException e) {
      log.debug("cannot close a file that failed", e);
    }
  }

  /// Logs that the disk fails or works again, at most once a minute.
  private void log() {
    long nowNs = clock.nanoTime();
    boolean due = loggedAtNs == null || nowNs - loggedAtNs >= LOG_NS;
    if (!due || (durable && loggedDurable)) {
      return;
    }
    if (durable) {
      log.info("webhooks are written to {} again, including those it missed", folder.file());
    } else {
      Counts counts = memory.counts();
      log.error(
          "cannot write webhooks to {}: {}. {} pending webhooks and {} dead letters are in memory"
              + " only and will be lost when this process stops; retrying the disk every {} s",
          folder.file(),
          failure,
          counts.pending(),
          counts.deadLetters(),
          TimeUnit.NANOSECONDS.toSeconds(RETRY_NS));
    }
    loggedDurable = durable;
    loggedAtNs = nowNs;
  }

  @Override
  public List<Entry> pending() {
    return memory.pending();
  }

  @Override
  public List<Entry> pending(Selection selection, long after, int limit) {
    return memory.pending(selection, after, limit);
  }

  @Override
  public List<DeadLetter> deadLetters(Selection selection, long after, int limit) {
    return memory.deadLetters(selection, after, limit);
  }

  @Override
  public Optional<DeadLetter> deadLetter(String appId, long id) {
    return memory.deadLetter(appId, id);
  }

  @Override
  public int attempts(long id) {
    return memory.attempts(id);
  }

  @Override
  public Counts counts() {
    return memory.counts();
  }

  @Override
  public Map<Target, Integer> pendingByTarget() {
    return memory.pendingByTarget();
  }

  @Override
  public boolean isOnDisk() {
    return true;
  }

  @Override
  public boolean isDurable() {
    return durable;
  }

  /// Closes the file. A disk that failed is tried once more.
  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    maintainer.shutdownNow();
    if (file == null) {
      reopen();
    }
    OutboxFile open = file;
    if (open != null) {
      attempt(open, () -> open.close(memory.nextId()));
    }
    file = null;
  }
}
