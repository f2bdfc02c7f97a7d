package dev.fanfare.cluster.loop;

import dev.fanfare.bus.BusMessage;
import java.util.Collection;
import java.util.Comparator;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/// Collects all facts of this node again, after some could not be queued. Confined to the cluster's
/// thread.
///
/// Facts cannot be read at one moment, because lanes go on deciding. So each entry publishes its
/// facts through the queue while it is held, as it does with its changes: whatever follows in the
/// queue is newer. This object follows everything that comes out of the queue between two marks:
/// one that is queued at the beginning, and one that is queued after the last entry. What is older
/// than the first mark counts for nothing, because the facts that ended it may have been dropped. A
/// fact that was dropped before the first mark was decided under an entry that is visited
/// afterwards, or that exists no more. One that is dropped later makes the queue incomplete again,
/// and another recount begins.
final class Recount {

  /// What a fact is about; a newer fact with the same key replaces it. Comparable, because clients
  /// choose names and ids: a map finds equal hashes by their order.
  private record Key(String kind, String appId, String channel, String userId)
      implements Comparable<Key> {

    private static final Comparator<Key> ORDER =
        Comparator.comparing(Key::channel)
            .thenComparing(Key::userId)
            .thenComparing(Key::appId)
            .thenComparing(Key::kind);

    @Override
    public int compareTo(Key other) {
      return ORDER.compare(this, other);
    }
  }

  // No fact has an empty app. Marks are distinguished by their identity.
  private final BusMessage beginning = new BusMessage.Offline("", "");
  private final BusMessage end = new BusMessage.Offline("", "");

  private final Iterator<Runnable> entries;
  private final Map<Key, BusMessage> facts = new LinkedHashMap<>();
  private final Outgoing outgoing;
  private boolean hasBegun;
  private boolean isEndQueued;

  /// @param entries each publishes the facts of one entry, while the entry is held
  Recount(Iterator<Runnable> entries, Outgoing outgoing) {
    this.entries = entries;
    this.outgoing = outgoing;
    outgoing.restate(beginning);
  }

  /// Lets entries publish their facts, until `maxFacts` of them wait, and queues the mark after the
  /// last one.
  void step(int maxFacts) {
    while (outgoing.restated() < maxFacts && entries.hasNext()) {
      entries.next().run();
    }
    if (!isEndQueued && !entries.hasNext()) {
      isEndQueued = true;
      outgoing.restate(end);
    }
  }

  /// True for the mark of any recount.
  static boolean isMark(BusMessage message) {
    return message.appId().isEmpty();
  }

  /// A mark has come out of the queue.
  ///
  /// @return true if the facts are complete
  @SuppressWarnings("ReferenceEquality") // all marks are equal
  boolean passes(BusMessage mark) {
    hasBegun |= mark == beginning;
    return mark == end;
  }

  /// Follows a message that came out of the queue.
  void follow(BusMessage message) {
    if (!hasBegun) {
      return;
    }
    switch (message) {
      case BusMessage.Interest it ->
          put(new Key("interest", it.appId(), it.channel(), ""), it.count() > 0, it);
      case BusMessage.Joined it ->
          put(new Key("member", it.appId(), it.channel(), it.member().userId()), true, it);
      case BusMessage.Left it ->
          put(new Key("member", it.appId(), it.channel(), it.userId()), false, it);
      case BusMessage.Online it -> put(new Key("user", it.appId(), "", it.userId()), true, it);
      case BusMessage.Offline it -> put(new Key("user", it.appId(), "", it.userId()), false, it);
      case BusMessage.Reported it ->
          put(
              new Key("reported", it.appId(), it.channel(), it.userId()),
              it.state() == BusMessage.Reported.State.PRESENT,
              it);
      case BusMessage.Connections it ->
          put(new Key("connections", it.appId(), "", ""), it.count() > 0, it);
      case BusMessage.Event _,
          BusMessage.Kept _,
          BusMessage.TerminateUser _,
          BusMessage.Direct _ -> {}
    }
  }

  private void put(Key key, boolean holds, BusMessage fact) {
    if (holds) {
      facts.put(key, fact);
    } else {
      facts.remove(key);
    }
  }

  /// All facts that hold, once the second mark has come out of the queue.
  Collection<BusMessage> facts() {
    return facts.values();
  }
}
