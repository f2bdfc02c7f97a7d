package dev.fanfare.channel;

import java.util.List;

/// All lanes of this node: where a message goes from any thread to every socket that wants it.
public final class Lanes {

  private final Lane[] lanes;

  public Lanes(List<Lane> lanes) {
    this.lanes = lanes.toArray(Lane[]::new);
  }

  /// How late the latest lane is, nanoseconds: how long what was given to it last has waited. Asks
  /// anew for the next call. Called by one thread.
  public long lagNs() {
    long lagNs = 0;
    for (Lane lane : lanes) {
      lagNs = Math.max(lagNs, lane.lagNs(System.nanoTime()));
    }
    return lagNs;
  }

  /// The lanes, by their index.
  public List<Lane> all() {
    return List.of(lanes);
  }

  int size() {
    return lanes.length;
  }

  /// False if a lane with subscribers of the channel has too much to do already.
  boolean hasRoom(Channel channel) {
    for (Lane lane : lanes) {
      if (channel.hasSubscribersOn(lane.index()) && !lane.hasRoom()) {
        return false;
      }
    }
    return true;
  }

  /// Hands the message to each lane that has subscribers of its channel. Any thread.
  void deliver(Outbound outbound) {
    for (Lane lane : lanes) {
      if (outbound.channel().hasSubscribersOn(lane.index())) {
        lane.enqueue(outbound);
      }
    }
  }
}
