package dev.fanfare.loadtest.abuse;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/// Every event that bystanders publish, and which subscribers have received it. Thread-safe.
final class Deliveries {

  private static final long NS_PER_MS = 1_000_000;

  /// The channel of each subscriber, by its number.
  private final int[] channels;

  private final List<Event> events = new ArrayList<>();

  /// The number of the first in `events`.
  private int first;

  /// The last event received, by subscriber and publisher.
  private final int[][] last;

  private long duplicated;
  private long outOfOrder;

  /// @param channels the channel of each subscriber
  Deliveries(int[] channels, int publishers) {
    this.channels = channels.clone();
    last = new int[channels.length][publishers];
  }

  /// Registers an event that is about to be sent; returns its number.
  synchronized int begin(int publisher, int channel, long scheduledNs) {
    events.add(new Event(publisher, channel, scheduledNs));
    return first + events.size() - 1;
  }

  /// The server has answered: every subscriber of the channel of an accepted event must receive it.
  /// Without an answer, or with a refusal, they may.
  synchronized void answered(int number, boolean accepted) {
    if (number >= first) {
      Event event = events.get(number - first);
      event.answered = true;
      event.accepted = accepted;
    }
  }

  /// The number of the next event.
  synchronized int next() {
    return first + events.size();
  }

  /// Registers an arrival; returns when the event was due, if this is its first arrival here.
  synchronized OptionalLong arrived(int subscriber, int number) {
    if (number < first || number >= first + events.size()) {
      return OptionalLong.empty(); // of an earlier attack, where it was reported as lost
    }
    Event event = events.get(number - first);
    int bit = 1 << subscriber;
    if ((event.arrivals & bit) != 0) {
      duplicated++;
      return OptionalLong.empty();
    }
    event.arrivals |= bit;
    if (number < last[subscriber][event.publisher]) {
      outOfOrder++;
    }
    last[subscriber][event.publisher] = number;
    return OptionalLong.of(event.scheduledNs);
  }

  /// True if all events before this number were answered, and the accepted ones have arrived
  /// everywhere.
  synchronized boolean isComplete(int end) {
    return events.subList(0, end - first).stream()
        .allMatch(event -> event.answered && missing(event) == 0);
  }

  /// What has happened to the events before this number; forgets them.
  synchronized Check take(int end) {
    List<Event> taken = events.subList(0, end - first);
    long lost = taken.stream().mapToLong(this::missing).sum();
    String firstLost = firstLost(taken);
    long accepted = taken.stream().filter(event -> event.accepted).count();
    Check check = new Check(taken.size(), accepted, lost, duplicated, outOfOrder, firstLost);
    taken.clear();
    first = end;
    duplicated = 0;
    outOfOrder = 0;
    return check;
  }

  private String firstLost(List<Event> among) {
    for (Event event : among) {
      for (int i = 0; i < channels.length; i++) {
        if (isMissing(event, i)) {
          return "event %d of publisher %d, due %,d ms ago, for subscriber %d"
              .formatted(
                  among.indexOf(event),
                  event.publisher,
                  (System.nanoTime() - event.scheduledNs) / NS_PER_MS,
                  i);
        }
      }
    }
    return "";
  }

  private boolean isMissing(Event event, int subscriber) {
    return event.accepted
        && channels[subscriber] == event.channel
        && (event.arrivals & 1 << subscriber) == 0;
  }

  private int missing(Event event) {
    int missing = 0;
    for (int i = 0; i < channels.length; i++) {
      missing += isMissing(event, i) ? 1 : 0;
    }
    return missing;
  }

  /// Sums of one attack.
  ///
  /// @param published events sent
  /// @param accepted of those, the ones that the server has answered with 200
  /// @param lost deliveries of accepted events that are missing
  /// @param firstLost which was the first of those, empty if none is missing
  record Check(
      long published,
      long accepted,
      long lost,
      long duplicated,
      long outOfOrder,
      String firstLost) {}

  private static final class Event {
    private final int publisher;
    private final int channel;
    private final long scheduledNs;
    private boolean answered;
    private boolean accepted;

    /// One bit per subscriber.
    private int arrivals;

    private Event(int publisher, int channel, long scheduledNs) {
      this.publisher = publisher;
      this.channel = channel;
      this.scheduledNs = scheduledNs;
    }
  }
}
