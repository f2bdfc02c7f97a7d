package dev.fanfare.webhook;

import dev.fanfare.bus.Bus;
import dev.fanfare.bus.BusMessage;
import dev.fanfare.bus.BusMessage.Reported.State;
import java.util.Iterator;
import java.util.List;

/// Lets the other nodes know what this one has reported. Any thread.
record Reports(Claims claims, Bus bus) {

  /// Publishes what was reported about a channel or a user. The caller holds [Claims].
  ///
  /// @param userId empty for the channel
  void publish(Claims.Name name, String userId, State state) {
    long self = bus.nodes().self();
    if (state == State.ABSENT) {
      claims.contradict(self, name, userId);
    }
    bus.publish(new BusMessage.Reported(name.appId(), name.channel(), userId, state, self));
  }

  /// Publishes once more that something was reported as absent: nodes that have reported it as
  /// present report the truth once more.
  void deny(Claims.Name name, String userId) {
    synchronized (claims) {
      if (!claims.isReported(bus.nodes().self(), name, userId)) {
        publish(name, userId, State.ABSENT);
      }
    }
  }

  /// The same for what some nodes have reported as present, which may have been cut off since they
  /// were started.
  void deny(Denials denials, List<Long> claimants) {
    if (!claimants.isEmpty()) {
      denials.forEach((name, userId) -> {
        if (claimants.stream().anyMatch(life -> claims.isReported(life, name, userId))) {
          deny(name, userId);
        }
      });
    }
  }

  /// Publishes what this node has reported, each channel at once, for other nodes that missed some.
  Iterator<Runnable> facts() {
    return claims.names().stream().<Runnable>map(name -> () -> restate(name)).iterator();
  }

  private void restate(Claims.Name name) {
    synchronized (claims) {
      long self = bus.nodes().self();
      claims.reported(self, name).forEach(user -> publish(name, user, State.PRESENT));
    }
  }
}
