package dev.fanfare.loadtest.measure;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

/// What became of each event at each subscriber, by the event's number, while nodes and connections
/// come and go. A subscriber is owed what was accepted while it was subscribed. Confined to one
/// thread.
public final class LossLedger {

  /// What is younger than this when a connection breaks may have been on its way.
  private static final long TRANSIT_NS = 1_000_000_000L;

  /// From this age on an event counts as late.
  private static final long LATE_NS = 1_000_000_000L;

  private static final long OPEN = Long.MAX_VALUE;

  private final int channels;
  private final List<Event> events = new ArrayList<>();
  private final List<List<Event>> byChannel;
  private final List<Receiver> receivers;
  private final LatencyTrack latency = new LatencyTrack("delivery");
  private long delivered;
  private long duplicated;
  private long outOfOrder;
  private long late;
  private long misdirected;

  /// @param publishers each numbers its events in the order of sending
  public LossLedger(int subscribers, int channels, int publishers) {
    this.channels = channels;
    byChannel =
        Stream.generate(() -> (List<Event>) new ArrayList<Event>()).limit(channels).toList();
    receivers = Stream.generate(() -> new Receiver(publishers)).limit(subscribers).toList();
  }

  /// Registers an event that is sent now, and returns it with the next number.
  public Event sent(int channel, Source source, long intendedNs, long nowNs) {
    Event event = new Event(events.size(), channel, source, intendedNs, nowNs);
    events.add(event);
    byChannel.get(channel).add(event);
    return event;
  }

  /// The subscription of a subscriber is confirmed.
  public void subscribed(int subscriber, long nowNs) {
    receivers.get(subscriber).sessions.add(new Session(nowNs));
  }

  /// Its connection is closed.
  public void left(int subscriber, long nowNs) {
    List<Session> sessions = receivers.get(subscriber).sessions;
    if (!sessions.isEmpty() && sessions.getLast().untilNs == OPEN) {
      sessions.getLast().untilNs = nowNs;
    }
  }

  /// Registers an arrival.
  public void arrived(int subscriber, int channel, int number, long nowNs) {
    if (channel != subscriber % channels || number >= events.size()) {
      misdirected++;
      return;
    }
    Event event = events.get(number);
    Receiver receiver = receivers.get(subscriber);
    if (receiver.received.get(number)) {
      duplicated++;
      return;
    }
    receiver.received.set(number);
    delivered++;
    latency.record(nowNs - event.intendedNs);
    if (nowNs - event.intendedNs >= LATE_NS) {
      late++;
    }
    // Events that one publisher sends over different connections have no common order.
    Event last = receiver.last[event.source.publisher];
    if (last == null || last.number < number) {
      receiver.last[event.source.publisher] = event;
    } else if (last.source == event.source) {
      outOfOrder++;
    }
  }

  public long delivered() {
    return delivered;
  }

  public long duplicated() {
    return duplicated;
  }

  /// Arrivals after a later event that was sent over the same connection.
  public long outOfOrder() {
    return outOfOrder;
  }

  /// Arrivals of events that were at least a second old.
  public long late() {
    return late;
  }

  /// Arrivals of another channel's events, or of unknown ones.
  public long misdirected() {
    return misdirected;
  }

  public Latency latency() {
    return latency.total();
  }

  /// Events in this state.
  public long count(State state) {
    return events.stream().filter(event -> event.state == state).count();
  }

  /// Accepted events that a subscriber was owed and has not received.
  public long lost() {
    return missing((receiver, event) -> receiver.isOwed(event) && !event.isLastOfItsNode());
  }

  /// Those of them that the last node accepted less than a second before its connection broke.
  public long lostWithNode() {
    return missing((receiver, event) -> receiver.isOwed(event) && event.isLastOfItsNode());
  }

  /// Accepted events that a subscriber has not received because it was not connected.
  public long missedWhileAway() {
    return missing((receiver, event) -> !receiver.isOwed(event));
  }

  private long missing(Missing which) {
    long count = 0;
    for (int i = 0; i < receivers.size(); i++) {
      Receiver receiver = receivers.get(i);
      Predicate<Event> counts =
          event ->
              event.state == State.ACCEPTED
                  && !receiver.received.get(event.number)
                  && which.test(receiver, event);
      count += byChannel.get(i % channels).stream().filter(counts).count();
    }
    return count;
  }

  /// What the server answered to the publish.
  public enum State {
    UNANSWERED,
    ACCEPTED,
    REFUSED
  }

  /// A connection over which a publisher sends.
  public static final class Source {
    private final int publisher;
    private long brokenNs = OPEN;

    public Source(int publisher) {
      this.publisher = publisher;
    }

    /// The connection is gone without the run having closed it.
    public void broken(long nowNs) {
      brokenNs = nowNs;
    }
  }

  /// One event.
  public static final class Event {
    private final int number;
    private final int channel;
    private final Source source;
    private final long intendedNs;
    private final long sentNs;
    private State state = State.UNANSWERED;

    private Event(int number, int channel, Source source, long intendedNs, long sentNs) {
      this.number = number;
      this.channel = channel;
      this.source = source;
      this.intendedNs = intendedNs;
      this.sentNs = sentNs;
    }

    public int number() {
      return number;
    }

    public int channel() {
      return channel;
    }

    public long intendedNs() {
      return intendedNs;
    }

    public void answered(boolean accepted) {
      state = accepted ? State.ACCEPTED : State.REFUSED;
    }

    private boolean isLastOfItsNode() {
      return source.brokenNs != OPEN && source.brokenNs - sentNs < TRANSIT_NS;
    }
  }

  /// Which of the events that a receiver lacks are counted.
  private interface Missing {
    boolean test(Receiver receiver, Event event);
  }

  /// One subscriber.
  private static final class Receiver {
    private final BitSet received = new BitSet();
    private final List<Session> sessions = new ArrayList<>(1);

    /// The latest event by publisher.
    private final Event[] last;

    Receiver(int publishers) {
      last = new Event[publishers];
    }

    boolean isOwed(Event event) {
      return sessions.stream().anyMatch(session -> session.owes(event.sentNs));
    }
  }

  /// The time in which a subscriber was subscribed.
  private static final class Session {
    private final long sinceNs;
    private long untilNs = OPEN;

    Session(long sinceNs) {
      this.sinceNs = sinceNs;
    }

    boolean owes(long sentNs) {
      return sentNs - sinceNs >= 0 && (untilNs == OPEN || untilNs - sentNs >= TRANSIT_NS);
    }
  }
}
