package dev.fanfare.loadtest.scenario;

import dev.fanfare.loadtest.client.Agent;
import dev.fanfare.loadtest.measure.EventRing;
import dev.fanfare.loadtest.plan.Load;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.IntUnaryOperator;

/// Decides which publisher sends what and when: as fast as acknowledged, or at a fixed rate whose
/// schedule does not wait for a slow server. Confined to the loop's thread.
final class Publishing implements Agent {

  private static final double NS_PER_SECOND = 1e9;

  private final List<? extends Publisher> publishers;
  private final List<PreparedEvents> stocks = new ArrayList<>();
  private final EventRing ring;
  private final Load load;

  /// Receivers of an event, by channel.
  private final IntUnaryOperator receivers;

  /// Events sent, by publisher and channel.
  private final int[][] sent;

  /// Nanoseconds from one event to the next, 0 for as fast as acknowledged.
  private double intervalNs;

  private int nextEvent;
  private int nextPublisher;
  private int nextStock;
  private double dueNs;
  private boolean stopped = true;

  Publishing(
      List<? extends Publisher> publishers, EventRing ring, Load load, IntUnaryOperator receivers) {
    this.publishers = publishers;
    this.ring = ring;
    this.load = load;
    this.receivers = receivers;
    sent = new int[publishers.size()][load.channels()];
    for (int i = 0; i < publishers.size(); i++) {
      int firstChannel = (int) ((long) i * load.channels() / publishers.size());
      stocks.add(new PreparedEvents(publishers.get(i), load.channels(), firstChannel));
    }
  }

  /// Starts, or changes the rate; events that were due before are dropped.
  ///
  /// @param rate events per second, 0 for as fast as acknowledged
  void start(long nowNs, double rate) {
    stopped = false;
    dueNs = nowNs;
    intervalNs = rate == 0 ? 0 : NS_PER_SECOND / rate;
  }

  void stop() {
    stopped = true;
  }

  /// Events that a publisher has sent to a channel.
  int sent(int publisher, int channel) {
    return sent[publisher][channel];
  }

  boolean allAnswered() {
    for (Publisher publisher : publishers) {
      if (publisher.unanswered() > 0) {
        return false;
      }
    }
    return true;
  }

  @Override
  public int onTurn(long nowNs) {
    if (stopped) {
      return 0;
    }
    int work = intervalNs == 0 ? publishFreely(nowNs) : publishDue(nowNs);
    return work > 0 ? work : prepareOne(nowNs);
  }

  /// Sends what this publisher may send now, after one of its events was acknowledged.
  int refill(int publisher, long nowNs) {
    if (stopped || intervalNs > 0) {
      return 0;
    }
    int work = 0;
    Publisher source = publishers.get(publisher);
    while (load.allows(ring.undelivered()) && source.canSend() && send(publisher, nowNs, nowNs)) {
      work++;
    }
    return work;
  }

  private int publishFreely(long nowNs) {
    if (!load.allows(ring.undelivered())) {
      return 0;
    }
    int work = 0;
    for (int i = 0; i < publishers.size(); i++) {
      int sentNow = refill(i, nowNs);
      if (sentNow > 0) {
        publishers.get(i).flush();
        work += sentNow;
      }
    }
    return work;
  }

  private int publishDue(long nowNs) {
    int work = 0;
    while (dueNs <= nowNs) {
      int free = freePublisher();
      if (free < 0 || !send(free, (long) dueNs, nowNs)) {
        // All wait for responses. The schedule does not: the due time stays, and the delay counts.
        break;
      }
      publishers.get(free).flush();
      dueNs += intervalNs;
      work++;
    }
    return work;
  }

  private int freePublisher() {
    for (int tried = 0; tried < publishers.size(); tried++) {
      int candidate = nextPublisher;
      nextPublisher = (nextPublisher + 1) % publishers.size();
      if (publishers.get(candidate).canSend()) {
        return candidate;
      }
    }
    return -1;
  }

  /// Fills the stocks in turn, one event at a time.
  private int prepareOne(long nowNs) {
    nextStock = (nextStock + 1) % stocks.size();
    PreparedEvents stock = stocks.get(nextStock);
    if (stock.isFull()) {
      return 0;
    }
    stock.prepare(nextEvent++, nowNs);
    return 1;
  }

  /// Sends a publisher's next event; false if too many events are in flight.
  private boolean send(int publisher, long intendedNs, long nowNs) {
    PreparedEvents stock = stocks.get(publisher);
    PreparedEvents.Prepared first = stock.first();
    if (first == null) {
      stock.prepare(nextEvent++, nowNs);
      first = Objects.requireNonNull(stock.first());
    }
    if (!ring.hasRoomFor(first.event)) {
      return false;
    }
    PreparedEvents.Prepared next = stock.take(nowNs);
    ring.open(next.event, receivers.applyAsInt(next.channel), intendedNs);
    publishers.get(publisher).send(next.bytes, intendedNs);
    sent[publisher][next.channel]++;
    return true;
  }
}
