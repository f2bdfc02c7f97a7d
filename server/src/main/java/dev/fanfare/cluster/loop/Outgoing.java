package dev.fanfare.cluster.loop;

import dev.fanfare.bus.BusMessage;
import dev.fanfare.protocol.Publication;
import java.util.concurrent.atomic.AtomicLong;
import org.jctools.queues.atomic.MpscUnboundedAtomicArrayQueue;
import org.jspecify.annotations.Nullable;

/// What this node publishes, on its way to the cluster's thread. Any thread adds, also while it
/// holds an entry; the cluster's thread takes. Bounded in messages and bytes: an event or a command
/// that does not fit is dropped and counted, and a fact that does not fit makes the facts
/// incomplete, so that they must be collected again.
final class Outgoing {

  static final int MAX_MESSAGES = 65_536;
  static final long MAX_BYTES = 32L << 20;

  /// Fewer than one turn of the cluster's thread takes.
  static final int LONG_MESSAGES = 512;

  /// One message, above the bits of any number of bytes, so that both are counted by one addition.
  private static final long MESSAGE = 1L << 40;

  /// Heap of a message besides its texts, roughly.
  private static final int OVERHEAD_BYTES = 128;

  private static final int QUEUE_CHUNK = 1_024;

  /// A message that the thread has added itself; not counted, so that a recount cannot fill the
  /// queue.
  private record Restated(BusMessage message) {}

  /// Holds each message as it is, or [Restated].
  private final MpscUnboundedAtomicArrayQueue<Object> queue =
      new MpscUnboundedAtomicArrayQueue<>(QUEUE_CHUNK);

  private final AtomicLong load = new AtomicLong();
  private final AtomicLong dropped = new AtomicLong();
  private volatile boolean isIncomplete;

  /// How many [Restated] wait. The cluster's thread.
  private int restated;

  /// Adds a message at the end, unless the queue is full. Any thread.
  void add(BusMessage message) {
    long before = load.get();
    if (before / MESSAGE >= MAX_MESSAGES || before % MESSAGE >= MAX_BYTES) {
      drop(message);
    } else {
      load.addAndGet(MESSAGE + bytes(message));
      queue.offer(message);
    }
  }

  /// Adds a fact at the end, also to a full queue. The cluster's thread, which looks at [#restated]
  /// before.
  void restate(BusMessage message) {
    restated++;
    queue.offer(new Restated(message));
  }

  /// How many restated facts wait. The cluster's thread.
  int restated() {
    return restated;
  }

  private void drop(BusMessage message) {
    switch (message) {
      case BusMessage.Event _, BusMessage.Kept _, BusMessage.TerminateUser _ ->
          dropped.incrementAndGet();
      case BusMessage.Interest _,
          BusMessage.Joined _,
          BusMessage.Left _,
          BusMessage.Online _,
          BusMessage.Offline _,
          BusMessage.Reported _,
          BusMessage.Connections _ ->
          isIncomplete = true;
      case BusMessage.Direct _ -> {} // sent again until it is answered
    }
  }

  /// The next message, or null. The cluster's thread.
  @Nullable BusMessage poll() {
    return switch (queue.poll()) {
      case BusMessage message -> {
        load.addAndGet(-MESSAGE - bytes(message));
        yield message;
      }
      case Restated(BusMessage message) -> {
        restated--;
        yield message;
      }
      case null, default -> null;
    };
  }

  boolean isEmpty() {
    return queue.isEmpty();
  }

  /// True if the queue should be emptied now, even if no other node needs it soon. Any thread.
  boolean isLong() {
    long now = load.get();
    return now / MESSAGE >= LONG_MESSAGES || now % MESSAGE >= MAX_BYTES / 2;
  }

  /// False if other nodes need not know it at once: counts that are not those of a first or a last
  /// subscription are sent together. Any thread.
  static boolean isUrgent(BusMessage message) {
    return switch (message) {
      case BusMessage.Interest interest -> interest.count() <= 1;
      case BusMessage.Connections _ -> false;
      default -> true;
    };
  }

  /// How many events and commands were dropped since the last call. The cluster's thread.
  long takeDropped() {
    return dropped.get() == 0 ? 0 : dropped.getAndSet(0);
  }

  /// True if facts were dropped since the last call: the state that they belong to was decided
  /// before. The cluster's thread.
  boolean takeIncomplete() {
    if (!isIncomplete) {
      return false;
    }
    isIncomplete = false;
    return true;
  }

  /// Heap that a message takes, roughly: two bytes for each character.
  static long bytes(BusMessage message) {
    long chars =
        switch (message) {
          case BusMessage.Event event -> chars(event.publication());
          case BusMessage.Kept kept -> chars(kept.publication());
          case BusMessage.TerminateUser user -> user.userId().length();
          case BusMessage.Interest interest -> interest.channel().length();
          case BusMessage.Joined joined ->
              joined.channel().length()
                  + joined.member().userId().length()
                  + joined.member().infoJson().length();
          case BusMessage.Left left -> left.channel().length() + left.userId().length();
          case BusMessage.Online online -> online.userId().length();
          case BusMessage.Offline offline -> offline.userId().length();
          case BusMessage.Reported reported ->
              reported.channel().length() + reported.userId().length();
          case BusMessage.Undelivered undelivered -> undelivered.chars();
          case BusMessage.Shadows shadows -> shadows.chars();
          case BusMessage.Returned returned -> (long) Long.BYTES * returned.keys().size();
          case BusMessage.TakenOver answer -> (long) Integer.BYTES * answer.taken().size();
          case BusMessage.Adopted answer -> (long) Integer.BYTES * answer.adopted().size();
          case BusMessage.Pulses pulses -> pulses.chars();
          case BusMessage.ConsoleRequest request -> request.target().length();
          case BusMessage.ConsoleResponse response -> response.text().length();
          case BusMessage.ShadowsKept _, BusMessage.PulsesAccepted _ -> 0;
          case BusMessage.Connections _ -> 0;
        };
    return OVERHEAD_BYTES + 2 * chars;
  }

  private static long chars(Publication publication) {
    return (long) publication.channel().value().length()
        + publication.event().length()
        + publication.data().length();
  }
}
