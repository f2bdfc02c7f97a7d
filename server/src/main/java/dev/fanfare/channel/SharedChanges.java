package dev.fanfare.channel;

import dev.fanfare.bus.Bus;
import dev.fanfare.bus.BusMessage;

/// Passes the changes of this node that concern others to the bus, in the order of decision.
public record SharedChanges(Bus bus) implements ChangeListener {

  @Override
  public void onChange(Change change) {
    if (change instanceof Change.Kept kept && !kept.isRemote()) {
      bus.publish(new BusMessage.Event(kept.app().id(), kept.event().publication()));
    }
  }
}
