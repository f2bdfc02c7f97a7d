package dev.fanfare.channel.lane;

import dev.fanfare.observe.NanoClock;
import dev.fanfare.protocol.Origin;
import dev.fanfare.protocol.Parsed;
import java.util.List;

/// All lanes of this node: the path of a message from any thread to all subscribed sockets.
public final class Lanes {

  private final Lane[] lanes;

  public Lanes(List<Lane> lanes) {
    this.lanes = lanes.toArray(Lane[]::new);
  }

  /// The largest lag of any lane, nanoseconds; probes again for the next call. Called by one
  /// thread.
  ///
  /// @param clock always the same one
  /// @param standstillNs for how long the process has stood still since its start, by that clock
  public long lagNs(NanoClock clock, long standstillNs) {
    long lagNs = 0;
    for (Lane lane : lanes) {
      lagNs = Math.max(lagNs, lane.lagNs(clock, standstillNs));
    }
    return lagNs;
  }

  /// The lanes, by their index.
  public List<Lane> all() {
    return List.of(lanes);
  }

  public int size() {
    return lanes.length;
  }

  /// Fails if a lane with subscribers of the channel is overloaded.
  public Parsed<Parsed.Passed> checkRoom(Audiences channel, Origin origin) {
    for (Lane lane : lanes) {
      if (channel.hasSubscribersOn(lane.index())) {
        Parsed<Parsed.Passed> room = lane.checkRoom(origin);
        if (room instanceof Parsed.Bad) {
          return room;
        }
      }
    }
    return Parsed.PASSED;
  }

  /// Hands the message to each lane that has subscribers of its channel. Any thread.
  public void deliver(Outbound outbound) {
    DeliveryTrace trace = outbound.trace();
    for (Lane lane : lanes) {
      if (outbound.channel().hasSubscribersOn(lane.index())) {
        if (trace != null) {
          trace.onQueued(lane.index());
        }
        lane.enqueue(outbound);
      }
    }
  }
}
