package dev.fanfare.console.row;

import dev.fanfare.channel.lane.DeliveryTrace;
import dev.fanfare.observe.NanoClock;
import dev.fanfare.observe.RefusedRequest;
import dev.fanfare.protocol.Origin;
import dev.fanfare.protocol.Publication;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// One publish of the recent past, and what has become of it on this node. Any thread.
public final class EventTrace implements DeliveryTrace {

  private static final AtomicIntegerFieldUpdater<EventTrace> QUEUED =
      AtomicIntegerFieldUpdater.newUpdater(EventTrace.class, "queued");
  private static final AtomicIntegerFieldUpdater<EventTrace> WALKED =
      AtomicIntegerFieldUpdater.newUpdater(EventTrace.class, "walked");
  private static final AtomicReferenceFieldUpdater<EventTrace, @Nullable String> DATA =
      AtomicReferenceFieldUpdater.newUpdater(EventTrace.class, String.class, "data");

  /// Bits of an [#id] that are the number; those above are of the node.
  public static final int NUMBER_BITS = 43;

  /// Within its app and the node that has accepted it, from 1.
  public final long number;

  private final long id;

  public final long atNs;
  public final String app;
  public final String channel;
  public final String event;

  /// Characters of its data.
  public final int chars;

  public final Origin origin;
  public final boolean isEncrypted;
  public final @Nullable String userId;

  /// The connection that does not get it; the sender of a client event.
  public final @Nullable String exceptSocketId;

  /// Connections subscribed on this node when it was published.
  public final int subscribers;

  /// Why the request was refused; null if it was accepted.
  public final @Nullable RefusedRequest refusal;

  private final NanoClock clock;
  private final @Nullable Walk[] walks;

  /// Null once it is forgotten.
  private volatile @Nullable String data;

  private volatile @Nullable Supplier<String> publisher;
  private volatile @Nullable String address;

  private volatile int queued;
  private volatile int walked;

  /// When the last lane was done so far.
  private volatile long walkedNs;

  /// An event that was accepted.
  ///
  /// @param id see [#id]; its lower bits are the number
  /// @param atNs when, on the clock
  /// @param lanes how many there are
  public EventTrace(
      long id,
      long atNs,
      String app,
      Publication event,
      int subscribers,
      int lanes,
      NanoClock clock,
      @Nullable Supplier<String> publisher) {
    this.number = id & ((1L << NUMBER_BITS) - 1);
    this.id = id;
    this.atNs = atNs;
    this.app = app;
    this.channel = event.channel().value();
    this.event = event.event();
    this.chars = event.data().length();
    this.origin = event.origin();
    this.isEncrypted = event.channel().isEncrypted();
    this.userId = event.userId();
    this.exceptSocketId = event.exceptSocketId();
    this.subscribers = subscribers;
    this.refusal = null;
    this.clock = clock;
    this.walks = new Walk[subscribers == 0 ? 0 : lanes];
    this.data = event.data();
    this.publisher = publisher;
  }

  /// A request to publish that was refused.
  public EventTrace(long number, String app, RefusedRequest refusal, NanoClock clock) {
    this.number = number;
    this.id = 0; // no other node gets it
    this.atNs = clock.nanoTime();
    this.app = app;
    this.channel = "";
    this.event = "";
    this.chars = 0;
    this.origin = Origin.HTTP;
    this.isEncrypted = false;
    this.userId = null;
    this.exceptSocketId = null;
    this.subscribers = 0;
    this.refusal = refusal;
    this.clock = clock;
    this.walks = new Walk[0];
    this.address = refusal.address();
  }

  @Override
  public long id() {
    return id;
  }

  @Override
  public void onQueued(int lane) {
    QUEUED.incrementAndGet(this);
  }

  @Override
  public void onWalked(int lane, Walk walk) {
    walkedNs = clock.nanoTime();
    if (lane < walks.length) {
      walks[lane] = walk;
    }
    WALKED.incrementAndGet(this); // after the rest: readers look at it first
  }

  /// Finds out where the request came from, so that it need not be kept.
  public void settle() {
    Supplier<String> known = publisher;
    if (known != null) {
      address = known.get();
      publisher = null;
    }
  }

  /// Forgets where the request came from; nothing will ask.
  public void abandon() {
    publisher = null;
  }

  /// The address of the publisher; null for a client event, or if it is not known.
  public @Nullable String address() {
    Supplier<String> unsettled = publisher; // first: it is let go once the address is there
    return unsettled == null ? address : unsettled.get();
  }

  /// The data; null if it is not shown, or forgotten by now.
  public @Nullable String data() {
    return data;
  }

  /// Forgets the data; returns its heap in bytes, 0 if there is none.
  public long forget() {
    String forgotten = DATA.getAndSet(this, null);
    return forgotten == null ? 0 : heapBytes();
  }

  /// What the data may take on the heap, in bytes.
  public long heapBytes() {
    return 2L * chars;
  }

  /// Lanes that the event was queued for.
  public int queued() {
    return queued;
  }

  /// True if every lane that it was queued for is done.
  public boolean isDelivered() {
    return walked >= queued;
  }

  /// When the last lane was done so far, on the clock of traces; the time of the publish if none
  /// was.
  public long walkedNs() {
    return walked == 0 ? atNs : walkedNs;
  }

  /// What one lane has found; null if it is not done, or has no subscriber.
  public @Nullable Walk walk(int lane) {
    return walked > 0 && lane < walks.length ? walks[lane] : null;
  }

  /// What the lanes have found so far, together.
  public Walk sum() {
    int[] sum = new int[5];
    for (int lane = 0; lane < walks.length; lane++) {
      Walk walk = walk(lane);
      if (walk != null) {
        sum[0] += walk.matched();
        sum[1] += walk.reached();
        sum[2] += walk.excluded();
        sum[3] += walk.behind();
        sum[4] += walk.closing();
      }
    }
    return new Walk(sum[0], sum[1], sum[2], sum[3], sum[4]);
  }
}
