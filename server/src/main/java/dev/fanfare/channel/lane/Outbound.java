package dev.fanfare.channel.lane;

import dev.fanfare.history.EventId;
import dev.fanfare.history.KeptEvent;
import dev.fanfare.history.StoredEvent;
import dev.fanfare.observe.NanoClock;
import dev.fanfare.protocol.MessageWriter;
import dev.fanfare.protocol.Publication;
import dev.fanfare.protocol.ServerMessage;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// One message for all subscribers of one channel, encoded once for any number of lanes and
/// sockets. Immutable except for its two cached encodings, once it is queued; any thread.
public abstract sealed class Outbound {

  /// The sequence of an event that does not depend on joins and leaves: every subscriber receives
  /// it.
  static final long UNSEQUENCED = Long.MAX_VALUE;

  /// One event, for [#load]; above the bits of any number of bytes.
  static final long MESSAGE = 1L << 40;

  /// Heap that an event takes besides its data.
  private static final int OVERHEAD_BYTES = 512;

  private final Audiences channel;

  /// What an event is made of; null for a fact.
  private final @Nullable Publication event;

  /// What a fact is made of; null for an event.
  private final @Nullable ServerMessage fact;

  private final @Nullable String exceptSocketId;
  private final @Nullable String exceptUserId;
  private final long sequence;

  /// When an event was published, from [NanoClock#SYSTEM]; 0 for facts.
  private final long handedOverNs;

  /// See [#load].
  private final int bytes;

  /// Set before it is queued.
  private @Nullable DeliveryTrace trace;

  private volatile byte @Nullable [] utf8;
  private volatile byte @Nullable [] deflated;

  private Outbound(
      Audiences channel,
      @Nullable Publication event,
      @Nullable ServerMessage fact,
      @Nullable String exceptUserId,
      long sequence) {
    this.channel = channel;
    this.event = event;
    this.fact = fact;
    this.exceptSocketId = event == null ? null : event.exceptSocketId();
    this.exceptUserId = exceptUserId;
    this.sequence = sequence;
    this.handedOverNs = event == null ? 0 : NanoClock.SYSTEM.nanoTime();
    this.bytes = event == null ? 0 : OVERHEAD_BYTES + 2 * event.data().length();
  }

  /// An event for all connections that are subscribed when it is delivered.
  public static Outbound event(Audiences channel, Publication event) {
    return new Plain(channel, event, null, null, UNSEQUENCED);
  }

  /// An event that the channel keeps; later subscribers get it from there.
  public static Outbound kept(Audiences channel, KeptEvent event) {
    return new Plain(channel, event.publication(), null, null, event.sequence());
  }

  /// An event that the channel keeps under a rule; later subscribers get it from there.
  public static Outbound stored(Audiences channel, StoredEvent event) {
    return new Stored(channel, event);
  }

  /// An event of another node, for subscriptions that began before `sequence`.
  public static Outbound remote(Audiences channel, Publication event, long sequence) {
    return new Plain(channel, event, null, null, sequence);
  }

  /// The same, and only for subscriptions that were made until then.
  ///
  /// @param asOfNs on the clock of the bus
  public static Outbound late(Audiences channel, Publication event, long sequence, long asOfNs) {
    return new Divided(channel, event, sequence, asOfNs, false);
  }

  /// The complement of [#late]: for subscriptions that were made later, but before `sequence`.
  ///
  /// @param asOfNs on the clock of the bus
  public static Outbound owed(Audiences channel, KeptEvent event, long asOfNs) {
    return new Divided(channel, event.publication(), event.sequence(), asOfNs, true);
  }

  private static final class Plain extends Outbound {
    private Plain(
        Audiences channel,
        @Nullable Publication event,
        @Nullable ServerMessage fact,
        @Nullable String exceptUserId,
        long sequence) {
      super(channel, event, fact, exceptUserId, sequence);
    }
  }

  /// An event that the channel keeps under a rule.
  private static final class Stored extends Outbound {
    private final StoredEvent stored;

    private Stored(Audiences channel, StoredEvent stored) {
      super(channel, stored.publication(), null, null, stored.sequence());
      this.stored = stored;
    }

    @Override
    EventId storedId() {
      return stored.id();
    }

    @Override
    ServerMessage message() {
      return stored.message();
    }
  }

  /// An event for the older or for the younger ones of the subscriptions.
  private static final class Divided extends Outbound {
    private final long asOfNs;
    private final boolean isForYounger;

    private Divided(
        Audiences channel, Publication event, long sequence, long asOfNs, boolean isForYounger) {
      super(channel, event, null, null, sequence);
      this.asOfNs = asOfNs;
      this.isForYounger = isForYounger;
    }

    @Override
    boolean excludes() {
      return true;
    }

    @Override
    boolean excludes(Subscription subscription) {
      boolean isYounger =
          subscription instanceof Subscription.Timed timed && timed.joinedAtNs() - asOfNs > 0;
      return isYounger != isForYounger || super.excludes(subscription);
    }
  }

  /// A fact about the channel at `sequence`; subscribers that joined at or after it know it
  /// already.
  public static Outbound fact(Audiences channel, ServerMessage message, long sequence) {
    return fact(channel, message, null, sequence);
  }

  /// A fact about the channel, which the connections of one user of a presence channel know
  /// already.
  public static Outbound fact(
      Audiences channel, ServerMessage message, @Nullable String exceptUserId, long sequence) {
    return new Plain(channel, null, message, exceptUserId, sequence);
  }

  /// An event and its bytes in one number, so that both are counted by one addition; 0 for a fact.
  /// The bytes are those on the heap, roughly: the data as text and as UTF-8, and the rest.
  long load() {
    return bytes == 0 ? 0 : MESSAGE + bytes;
  }

  /// The events of a sum of loads.
  static int events(long load) {
    return (int) (load / MESSAGE);
  }

  /// The bytes of a sum of loads.
  static long bytes(long load) {
    return load % MESSAGE;
  }

  public Audiences channel() {
    return channel;
  }

  /// This message, of which `notified` is notified; null for none. Before it is queued.
  public Outbound tracedBy(@Nullable DeliveryTrace notified) {
    trace = notified;
    return this;
  }

  /// Null unless the message is traced.
  @Nullable DeliveryTrace trace() {
    return trace;
  }

  /// True for published events, false for the server's notices about the channel: a client that
  /// missed one of those would have a wrong member list until it reconnects.
  public boolean isEvent() {
    return event != null;
  }

  /// True if the channel keeps it under a rule, so that a replay gets it from there.
  public boolean isStored() {
    return storedId() != null;
  }

  /// The id under which a rule keeps it; null if none does.
  @Nullable EventId storedId() {
    return null;
  }

  /// The id of the last of these messages that a rule keeps.
  ///
  /// @param before if there is none
  static @Nullable EventId lastStored(List<Outbound> messages, @Nullable EventId before) {
    EventId last = before;
    for (int i = 0; i < messages.size(); i++) {
      EventId id = messages.get(i).storedId();
      last = id == null ? last : id;
    }
    return last;
  }

  /// What subscribers receive.
  ServerMessage message() {
    return event == null ? Objects.requireNonNull(fact) : event.message();
  }

  long handedOverNs() {
    return handedOverNs;
  }

  long sequence() {
    return sequence;
  }

  /// True if some subscribers must not get it, whenever they joined.
  boolean excludes() {
    return exceptSocketId != null || exceptUserId != null;
  }

  /// True if that subscriber must not get it, whenever it joined.
  boolean excludes(Subscription subscription) {
    return subscription.subscriber.socketId().equals(exceptSocketId)
        || (exceptUserId != null && exceptUserId.equals(subscription.userId()));
  }

  /// The message as UTF-8 JSON, encoded by the first lane that needs it. Two lanes may race and
  /// both encode; the bytes are the same.
  public byte[] utf8() {
    byte[] bytes = utf8;
    if (bytes == null) {
      bytes = MessageWriter.write(message());
      utf8 = bytes;
    }
    return bytes;
  }

  /// The compressed message, empty if it is sent uncompressed; created from [#utf8] by the
  /// `deflate` of the first lane that needs it. Two lanes may race and both compress; both results
  /// are valid.
  public byte[] deflated(UnaryOperator<byte[]> deflate) {
    byte[] bytes = deflated;
    if (bytes == null) {
      bytes = deflate.apply(utf8());
      deflated = bytes;
    }
    return bytes;
  }
}
