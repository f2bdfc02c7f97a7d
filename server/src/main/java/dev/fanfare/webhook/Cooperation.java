package dev.fanfare.webhook;

import dev.fanfare.bus.BusMessage;

/// What webhooks have to do with other nodes.
///
/// @param coordinator decides which node reports an event
/// @param handOver gives others what this node has not delivered in the end
/// @param heir accepts what others have not delivered
record Cooperation(Coordinator coordinator, HandOver handOver, Heir heir) {

  /// A message of another node. Never blocks.
  void receive(BusMessage message) {
    switch (message) {
      case BusMessage.Reported reported -> coordinator.receive(reported);
      case BusMessage.Undelivered undelivered -> heir.receive(undelivered);
      case BusMessage.TakenOver answer -> handOver.receive(answer);
      default -> throw new IllegalArgumentException(message.toString());
    }
  }
}
