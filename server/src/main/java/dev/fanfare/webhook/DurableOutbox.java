package dev.fanfare.webhook;

import dev.fanfare.observe.Component;
import dev.fanfare.observe.NanoClock;
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

/// An outbox that survives the process: a [MemoryOutbox] that answers, and a file that is told of
/// every change before the change is acknowledged.
///
/// A disk that fails is done without. The ledger has everything anyway, so nothing is lost while
/// the process lives; the disk is tried again from time to time, and what it missed is then written
/// at once. Changes take turns, for they are written in order; questions never wait for the disk.
public final class DurableOutbox implements Outbox {

  private static final Logger log = Component.WEBHOOKS.logger();

  private static final long TEND_MS = 1_000;
  private static final long RETRY_NS = TimeUnit.SECONDS.toNanos(10);
  private static final long LINE_NS = TimeUnit.MINUTES.toNanos(1);

  private final DataFolder folder;
  private final NanoClock clock;
  private final MemoryOutbox memory;
  private final ScheduledExecutorService tender =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("fanfare-outbox").daemon().factory());

  // Guarded by this. No file: the disk is being done without.
  private @Nullable OutboxFile file;
  private String trouble = "";
  private long failedAtNs;
  private boolean toldDurable = true;
  private @Nullable Long toldAtNs;
  private boolean closed;

  // Written under the lock, read by anyone.
  private volatile boolean durable = true;

  private DurableOutbox(DataFolder folder, NanoClock clock, MemoryOutbox memory, OutboxFile file) {
    this.folder = folder;
    this.clock = clock;
    this.memory = memory;
    this.file = file;
  }

  /// Opens the outbox of a folder, and makes both first if they are not there.
  ///
  /// @throws IOException with a sentence that names the folder, what is wrong and what to change
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
        outbox.tender.scheduleWithFixedDelay(outbox::tend, TEND_MS, TEND_MS, TimeUnit.MILLISECONDS);
    return outbox;
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

  /// What is due by time: care for the file, or another try with a disk that failed.
  synchronized void tend() {
    if (closed) {
      return;
    }
    OutboxFile open = file;
    if (open != null) {
      attempt(open, open::tend);
    } else if (clock.nanoTime() - failedAtNs >= RETRY_NS) {
      tryAgain();
    }
    tell();
  }

  /// Runs a change of the file, and does without the file if it fails. Java closes a file under a
  /// thread that is interrupted; that is nobody's failure, so the file is opened anew at once.
  private void attempt(OutboxFile open, Runnable change) {
    boolean interrupted = Thread.interrupted();
    try {
      change.run();
    } catch (RuntimeException e) {
      if (Thread.interrupted()) {
        interrupted = true;
        abandon(open);
        tryAgain();
      } else {
        abandon(open);
        doWithout(e);
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private void tryAgain() {
    OutboxFile again = null;
    try {
      again = folder.open().file();
      again.writeAll(memory.holdings());
      file = again;
      durable = true;
    } catch (IOException | RuntimeException e) {
      if (again != null) {
        abandon(again);
      }
      doWithout(e);
    }
  }

  private void doWithout(Exception e) {
    file = null;
    durable = false;
    failedAtNs = clock.nanoTime();
    trouble = DataFolder.reason(e);
    tell();
  }

  private static void abandon(OutboxFile failed) {
    try {
      failed.abandon();
    } catch (RuntimeException e) {
      log.debug("a file that failed does not even close", e);
    }
  }

  /// Says how it stands with the disk, if that is news or bad, and never more than once a minute.
  private void tell() {
    long nowNs = clock.nanoTime();
    boolean due = toldAtNs == null || nowNs - toldAtNs >= LINE_NS;
    if (!due || (durable && toldDurable)) {
      return;
    }
    if (durable) {
      log.info("webhooks are written to {} again, with all that it missed", folder.file());
    } else {
      Counts counts = memory.counts();
      log.error(
          "webhooks cannot be written to {}: {}. {} of them and {} dead letters are in memory only"
              + " and end with this process; the disk is tried again every {} s",
          folder.file(),
          trouble,
          counts.pending(),
          counts.deadLetters(),
          TimeUnit.NANOSECONDS.toSeconds(RETRY_NS));
    }
    toldDurable = durable;
    toldAtNs = nowNs;
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

  /// Gives the file back. A disk that is being done without gets its last chance.
  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    tender.shutdownNow();
    if (file == null) {
      tryAgain();
    }
    OutboxFile open = file;
    if (open != null) {
      attempt(open, () -> open.close(memory.nextId()));
    }
    file = null;
  }
}
