package dev.fanfare.webhook;

import dev.fanfare.bus.BusMessage;
import dev.fanfare.bus.NodesView;
import dev.fanfare.webhook.outbox.Outbox;
import dev.fanfare.webhook.outbox.Outbox.Entry;
import io.soabase.recordbuilder.core.RecordBuilder;
import java.util.List;
import java.util.Objects;

/// What webhooks have to do with other nodes.
///
/// @param coordinator decides which node reports an event
/// @param handOver gives others what this node has not delivered in the end
/// @param heir accepts what others have not delivered in the end
/// @param shadows lets others know what this node has not delivered yet
/// @param deputy keeps what others have not delivered yet
/// @param pulses gives others the events that they report
/// @param returning asks others for what they have adopted while this node was away
@RecordBuilder
record Cooperation(
    Coordinator coordinator,
    HandOver handOver,
    Heir heir,
    Shadows shadows,
    Deputy deputy,
    Pulses pulses,
    Returning returning) {

  /// A message of another node. Never blocks.
  void receive(BusMessage message) {
    switch (message) {
      case BusMessage.Reported reported -> coordinator.receive(reported);
      case BusMessage.Undelivered undelivered -> heir.receive(undelivered);
      case BusMessage.TakenOver answer -> handOver.receive(answer);
      case BusMessage.Shadows pending -> deputy.receive(pending);
      case BusMessage.ShadowsKept answer -> shadows.receive(answer);
      case BusMessage.Returned returned -> deputy.receive(returned);
      case BusMessage.PulsesAccepted answer -> pulses.receive(answer);
      case BusMessage.Adopted answer -> returning.receive(answer);
      default -> throw new IllegalArgumentException(message.toString());
    }
  }

  SharedEvents shared() {
    return new SharedEvents(
        deputy.size(), pulses.size(), shadows.unshared(), deputy.unkept(), pulses.unshared());
  }

  /// What is due before this node decides what it reports. May block.
  void step(NodesView view, Outbox outbox, long nowNs) {
    deputy.adopt(view);
    returning.step(view, nowNs);
    List<Entry> moved =
        shadows.step(view, nowNs).stream().map(outbox::find).filter(Objects::nonNull).toList();
    shadows.accepted(moved);
    // What was delivered meanwhile must not stay with the other node.
    shadows.ended(moved.stream().filter(entry -> outbox.find(entry.id()) == null).toList());
  }
}
