package dev.fanfare.loadtest.scenario;

import dev.fanfare.loadtest.client.Agent;
import dev.fanfare.loadtest.measure.EventRing;
import dev.fanfare.loadtest.plan.Load;
import java.util.List;
import java.util.function.IntUnaryOperator;

/// Decides which publisher sends what and when: as fast as acknowledged, or at a fixed rate whose
/// schedule does not wait for a slow server. Confined to the loop's thread.
final class Publishing implements Agent {

  private static final double NS_PER_SECOND = 1e9;

  private final List<? extends Publisher> publishers;
  private final EventRing ring;
  private final Load load;

  /// Receivers of an event, by channel.
  private final IntUnaryOperator receivers;

  /// Numbers used, by publisher and channel.
  private final int[][] sent;

  private final int[] nextChannel;
  private final double intervalNs;

  private int nextEvent;
  private int nextPublisher;
  private double dueNs;
  private boolean stopped = true;

  Publishing(
      List<? extends Publisher> publishers, EventRing ring, Load load, IntUnaryOperator receivers) {
    this.publishers = publishers;
    this.ring = ring;
    this.load = load;
    this.receivers = receivers;
    sent = new int[publishers.size()][load.channels()];
    nextChannel = new int[publishers.size()];
    for (int i = 0; i < nextChannel.length; i++) {
      // Publishers start apart, so that they do not all hit the same channel.
      nextChannel[i] = (int) ((long) i * load.channels() / publishers.size());
    }
    intervalNs = load.rate() == 0 ? 0 : NS_PER_SECOND / load.rate();
  }

  void start() {
    stopped = false;
    dueNs = System.nanoTime();
  }

  void stop() {
    stopped = true;
  }

  /// Events sent.
  int events() {
    return nextEvent;
  }

  /// Numbers that a publisher has used on a channel.
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
    return intervalNs == 0 ? publishFreely(nowNs) : publishDue(nowNs);
  }

  /// Sends what this publisher may send at once, after one of its events was acknowledged.
  int refill(int publisher, long nowNs) {
    if (stopped || intervalNs > 0) {
      return 0;
    }
    int work = 0;
    Publisher source = publishers.get(publisher);
    while (ring.undelivered() < load.maxUndelivered()
        && ring.hasRoomFor(nextEvent)
        && source.canSend()) {
      send(publisher, nowNs);
      work++;
    }
    return work;
  }

  private int publishFreely(long nowNs) {
    if (ring.undelivered() >= load.maxUndelivered()) {
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
    while (dueNs <= nowNs && ring.hasRoomFor(nextEvent)) {
      int free = freePublisher();
      if (free < 0) {
        // All wait for answers. The schedule does not: the time due stays, and lateness counts.
        break;
      }
      send(free, (long) dueNs);
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

  private void send(int publisher, long intendedNs) {
    int channel = nextChannel[publisher];
    nextChannel[publisher] = (channel + 1) % load.channels();
    int event = nextEvent++;
    ring.open(event, receivers.applyAsInt(channel));
    publishers.get(publisher).send(channel, sent[publisher][channel]++, event, intendedNs);
  }
}
