package dev.fanfare.webhook.disk;

import dev.fanfare.budget.Share;
import dev.fanfare.observe.Component;
import dev.fanfare.observe.NanoClock;
import dev.fanfare.observe.Vitals;
import dev.fanfare.protocol.Parsed;
import dev.fanfare.webhook.outbox.Damage;
import dev.fanfare.webhook.outbox.MemoryParts;
import dev.fanfare.webhook.outbox.OutboxChange;
import dev.fanfare.webhook.outbox.OutboxLosses;
import dev.fanfare.webhook.outbox.Table;
import dev.fanfare.webhook.outbox.TableOutbox;
import dev.fanfare.webhook.outbox.WebhookOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/// An outbox that survives the process: its content is in a file, to which every change is written
/// before the call returns.
///
/// While the disk fails, changes are kept in memory, so nothing is lost as long as the process
/// runs. The disk is retried from time to time, and everything it missed is then written. A file
/// that is found to be damaged or deleted is replaced by what can still be read of it.
public final class DurableOutbox extends TableOutbox {

  private static final Logger log = Component.WEBHOOKS.logger();

  private static final long RETRY_NS = TimeUnit.SECONDS.toNanos(10);

  private final DataFolder folder;
  private final NanoClock clock;
  private final DiskFailureLog diskLog;
  private final MemoryParts parts;
  private final long maxReportedBytes;
  private final Share memory;
  private final Table table = new FailoverTable(new Content());
  private final OutboxMaintainer maintainer = new OutboxMaintainer(this::maintain);

  // Guarded by this. One of the two is null: there is an overlay while the disk fails.
  private @Nullable OutboxFile file;
  private @Nullable OverlayTable overlay;

  // Guarded by this.
  private @Nullable Object identity;
  private @Nullable OutboxMarker marker;
  private boolean isDetached;
  private int run;
  private Parsed<Parsed.Passed> fault = Parsed.PASSED;
  private long failedAtNs;
  private boolean closed;

  // Written under the lock, read by any thread.
  private volatile boolean durable = true;
  private volatile OutboxLosses losses = OutboxLosses.NONE;

  private DurableOutbox(DataFolder folder, WebhookOptions options, Share memory, NanoClock clock) {
    super(options.maxDeadLetters(), DiskParts.pending(options), DiskParts.deadLetters(options));
    this.folder = folder;
    this.memory = memory;
    this.parts = MemoryParts.of(memory, true);
    this.maxReportedBytes = DiskParts.reported(options);
    this.clock = clock;
    this.diskLog = new DiskFailureLog(folder.file(), clock);
  }

  /// Opens the outbox in a folder, and creates both if necessary.
  ///
  /// @param memory for what cannot be written while the disk fails
  /// @throws IOException with a sentence that names the folder, the problem and the option to
  ///   change
  public static DurableOutbox open(
      WebhookOptions options, Share memory, NanoClock clock, InstantSource wall)
      throws IOException {
    DataFolder folder = new DataFolder(Path.of(options.dataDir()), "", wall);
    return open(folder, options, memory, clock);
  }

  static DurableOutbox open(
      DataFolder folder, WebhookOptions options, Share memory, NanoClock clock) throws IOException {
    DurableOutbox outbox = new DurableOutbox(folder, options, memory, clock);
    outbox.begin(folder.open());
    outbox.maintainer.start();
    return outbox;
  }

  @Override
  public void watch(Vitals vitals) {
    vitals.add(maintainer.vital());
  }

  private synchronized void begin(DataFolder.Opened opened) {
    use(opened.file());
    report(opened.damage());
    recount(opened.file().counts(), opened.nextId());
  }

  private void use(OutboxFile opened) {
    run = opened.reported().begin(maxReportedBytes, run);
    file = opened;
    overlay = null;
    identity = folder.identity();
    isDetached = false;
    durable = true;
    mark();
  }

  private void report(@Nullable Damage damage) {
    if (damage != null) {
      losses = losses.plus(damage);
      log.warn("{}", damage.sentence());
    }
  }

  @Override
  protected Table table() {
    return table;
  }

  @Override
  protected String setting() {
    return "max_disk_bytes";
  }

  @Override
  public synchronized Parsed<Parsed.Passed> checkRoom(Target target, long own, long all) {
    OverlayTable over = overlay;
    Parsed<Parsed.Passed> room = over == null ? Parsed.PASSED : over.checkRoom(target, own, all);
    return room instanceof Parsed.Bad ? room : super.checkRoom(target, own, all);
  }

  @Override
  protected boolean keepsLetters(long bytes) {
    OverlayTable failing = overlay;
    return failing == null || failing.letterBytes() + bytes <= parts.deadLetters();
  }

  @Override
  protected void apply(OutboxChange change, Counts after, long afterNextId) {
    OutboxFile open = file;
    if (open != null) {
      try {
        Uninterrupted.run(() -> open.apply(change, after, afterNextId));
        return;
      } catch (RuntimeException e) {
        boolean isRead = recover(open, e, after.held() - change.growth());
        OutboxFile next = file;
        if (next != null && applyAgain(next, change, after, afterNextId)) {
          if (isRead) {
            recount(after, afterNextId);
          }
          return;
        }
      }
    }
    overlay().apply(change);
  }

  private boolean applyAgain(OutboxFile next, OutboxChange change, Counts after, long afterNextId) {
    try {
      Uninterrupted.run(() -> next.apply(change, after, afterNextId));
      return true;
    } catch (RuntimeException e) {
      next.abandon();
      continueInMemory(e);
      return false;
    }
  }

  private OverlayTable overlay() {
    OverlayTable current = overlay;
    if (current == null) {
      current = new OverlayTable(null, parts.pending(), memory);
      overlay = current;
    }
    return current;
  }

  /// Deals with a file that failed: a damaged one is replaced by what can be read of it, and so is
  /// one that was closed by an interrupt; otherwise changes are kept in memory.
  ///
  /// @param expected what it should contain
  /// @return true if the content has to be counted again
  private boolean recover(OutboxFile failed, RuntimeException e, long expected) {
    boolean interrupted = Thread.interrupted();
    failed.abandon();
    if (interrupted || DataFolder.isDamage(e)) {
      boolean isRead = reopen(expected);
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
      return isRead;
    }
    continueInMemory(e);
    return false;
  }

  /// Deals with a file that failed while nothing was to be changed.
  private void recoverUnchanged(OutboxFile failed, RuntimeException e) {
    Counts before = counts();
    if (recover(failed, e, before.held())) {
      recount(before, nextId());
    }
  }

  /// Opens the file again, or a new one, and writes what it has missed.
  ///
  /// @param expected what it should contain
  /// @return true if the content has to be counted again
  private boolean reopen(long expected) {
    OverlayTable missed = overlay;
    OutboxFile base = missed == null ? null : missed.base();
    if (missed != null && !isDetached) {
      missed.closeBase(); // a file cannot be open twice
    }
    DataFolder.Opened opened = null;
    try {
      opened = folder.open();
      OutboxFile next = opened.file();
      if (isDetached && base != null) {
        var _ = base.readAll(next);
      }
      if (missed != null) {
        run = next.reported().begin(maxReportedBytes, run);
        missed.writeTo(next);
        next.commit(counts(), nextId());
        missed.close();
      }
      Damage damage = isDetached ? null : folder.damage(opened, expected);
      use(next);
      report(damage);
      return damage != null;
    } catch (IOException | RuntimeException e) {
      if (opened != null) {
        opened.file().abandon();
      }
      continueInMemory(e, isDetached ? base : null, missed);
      return false;
    }
  }

  private void continueInMemory(Exception e) {
    continueInMemory(e, null, overlay);
  }

  /// @param open the file that can still be read, if it is open
  /// @param missed the changes so far
  private void continueInMemory(
      Exception e, @Nullable OutboxFile open, @Nullable OverlayTable missed) {
    file = null;
    durable = false;
    failedAtNs = clock.nanoTime();
    fault = new Parsed.Bad<>(DataFolder.reason(e));
    OutboxFile base = open == null ? folder.openToRead() : open;
    overlay = missed == null ? new OverlayTable(base, parts.pending(), memory) : missed.over(base);
    log();
  }

  /// Maintains the file, or retries a disk that failed. Called once a second.
  void maintain() {
    sync();
    maintainLocked();
  }

  /// Forces the data to the disk. Not with the lock, or events would wait for a slow disk.
  private void sync() {
    OutboxFile open;
    synchronized (this) {
      open = closed ? null : file;
    }
    try {
      if (open != null) {
        open.sync();
      }
    } catch (RuntimeException e) {
      synchronized (this) {
        if (file == open && !closed) {
          open.abandon();
          continueInMemory(e);
        }
      }
    }
  }

  private synchronized void maintainLocked() {
    if (closed) {
      return;
    }
    OutboxFile open = file;
    if (open == null) {
      if (clock.nanoTime() - failedAtNs >= RETRY_NS && reopen(Damage.UNKNOWN)) {
        recount(counts(), nextId());
      }
    } else if (identity != null && !identity.equals(folder.identity())) {
      replace(open);
    } else {
      maintain(open);
    }
    mark();
    log();
  }

  private void maintain(OutboxFile open) {
    try {
      if (folder.checkIntact(open) instanceof Parsed.Bad(String damage)) {
        throw DataFolder.damaged(damage);
      }
      Uninterrupted.run(open::maintain);
    } catch (RuntimeException e) {
      recoverUnchanged(open, e);
    }
  }

  /// The file or its folder was deleted or replaced, but as long as it is open it can be read.
  private void replace(OutboxFile open) {
    file = null;
    overlay = new OverlayTable(open, parts.pending(), memory);
    isDetached = true;
    fault = new Parsed.Bad<>("it was deleted or replaced");
    reopen(Damage.UNKNOWN);
    if (file != null) {
      long count = counts().held();
      String problem = folder.file().toAbsolutePath() + " was deleted or replaced while in use";
      report(new Damage(problem + ", and was written again", count, count));
    }
  }

  private void mark() {
    OutboxFile open = file;
    if (open != null) {
      OutboxMarker now = OutboxMarker.of(open.version(), counts(), nextId());
      marker = now.equals(marker) || now.tryWrite(folder.marker()) ? now : marker;
    }
  }

  private void log() {
    diskLog.log(durable ? Parsed.PASSED : fault, counts(), RETRY_NS);
  }

  @Override
  public boolean isOnDisk() {
    return true;
  }

  @Override
  public boolean isDurable() {
    return durable;
  }

  @Override
  public OutboxLosses losses() {
    return losses;
  }

  /// Closes the file. A disk that failed is tried once more.
  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    maintainer.stop();
    if (file == null) {
      var _ = reopen(Damage.UNKNOWN);
    }
    mark();
    OutboxFile open = file;
    if (open != null) {
      try {
        Uninterrupted.run(() -> open.close(nextId()));
      } catch (RuntimeException e) {
        open.abandon();
        continueInMemory(e);
      }
    }
    OverlayTable left = overlay;
    if (left != null) {
      left.close();
    }
  }

  private final class Content implements FailoverTable.Source {

    @Override
    public Table current() {
      OutboxFile open = file;
      return open == null ? overlay() : open;
    }

    @Override
    public void failed(Table failed, RuntimeException e) {
      if (failed instanceof OutboxFile open) {
        recoverUnchanged(open, e);
      }
    }
  }
}
