package dev.fanfare.loadtest.scenario;

import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/// Events of one publisher that are prepared and signed before they are due. Signing takes longer
/// than sending; done between an acknowledgement and the next publish it would limit the server's
/// rate. Confined to the loop's thread.
final class PreparedEvents {

  private static final int SIZE = 16;

  /// Far below the ten minutes for which servers accept a timestamp.
  private static final long FRESH_NS = 60_000_000_000L;

  private final Publisher publisher;
  private final int channels;
  private final Deque<Prepared> prepared = new ArrayDeque<>();

  /// Sequence numbers used, by channel.
  private final int[] sequences;

  private int nextChannel;

  /// @param firstChannel differs between publishers, so that they do not all use the same channel
  PreparedEvents(Publisher publisher, int channels, int firstChannel) {
    this.publisher = publisher;
    this.channels = channels;
    nextChannel = firstChannel;
    sequences = new int[channels];
  }

  boolean isFull() {
    return prepared.size() >= SIZE;
  }

  /// Prepares one more.
  ///
  /// @param event its number in the run
  void prepare(int event, long nowNs) {
    int channel = nextChannel;
    nextChannel = (channel + 1) % channels;
    int sequence = sequences[channel]++;
    byte[] bytes = publisher.prepare(channel, sequence, event);
    prepared.add(new Prepared(channel, sequence, event, nowNs, bytes));
  }

  /// The next to send, `null` if none is prepared.
  @Nullable Prepared first() {
    return prepared.peek();
  }

  /// Removes the first, prepared again if its signature is too old.
  Prepared take(long nowNs) {
    Prepared taken = prepared.remove();
    return nowNs - taken.madeNs < FRESH_NS
        ? taken
        : new Prepared(
            taken.channel,
            taken.sequence,
            taken.event,
            nowNs,
            publisher.prepare(taken.channel, taken.sequence, taken.event));
  }

  /// An event ready to send.
  static final class Prepared {
    final int channel;
    final int sequence;
    final int event;
    final byte[] bytes;

    /// When it was signed.
    private final long madeNs;

    private Prepared(int channel, int sequence, int event, long madeNs, byte[] bytes) {
      this.channel = channel;
      this.sequence = sequence;
      this.event = event;
      this.madeNs = madeNs;
      this.bytes = bytes;
    }
  }
}
