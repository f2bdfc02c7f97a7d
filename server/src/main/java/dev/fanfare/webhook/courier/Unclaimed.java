package dev.fanfare.webhook.courier;

import dev.fanfare.webhook.outbox.IdQueue;
import dev.fanfare.webhook.outbox.Outbox;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Pending events that no courier has, because their app or their endpoint is not known. They stay
/// in the outbox; each costs as much memory as one that waits for a courier. Not thread-safe.
final class Unclaimed {

  private record Waiting(Settlement settlement, IdQueue ids) {

    void passTo(Courier courier) {
      while (!ids.isEmpty()) {
        courier.settlement().reserveAnyway();
        settlement.release(1);
        courier.send(ids.removeFirst());
      }
    }
  }

  private final CourierContext context;
  private final Map<CourierAddress, Waiting> byAddress = new HashMap<>();

  Unclaimed(CourierContext context) {
    this.context = context;
  }

  /// Keeps an entry, behind the others for its courier.
  void add(Outbox.Entry entry) {
    CourierAddress address = CourierAddress.of(entry.draft());
    Waiting waiting = byAddress.computeIfAbsent(address, this::begin);
    waiting.settlement().reserveAnyway();
    waiting.ids().addLast(entry.id());
  }

  private Waiting begin(CourierAddress address) {
    return new Waiting(new Settlement(context, address.appId(), address.endpoint()), new IdQueue());
  }

  /// Passes events to the couriers that there are by now.
  ///
  /// @param isFinal true if the others will not get one: they become dead letters
  void settle(boolean isFinal, Function<CourierAddress, @Nullable Courier> couriers) {
    Iterator<Map.Entry<CourierAddress, Waiting>> each = byAddress.entrySet().iterator();
    while (each.hasNext()) {
      Map.Entry<CourierAddress, Waiting> next = each.next();
      Courier courier = couriers.apply(next.getKey());
      Waiting waiting = next.getValue();
      if (courier != null) {
        waiting.passTo(courier);
      } else if (isFinal) {
        waiting.settlement().giveUp(waiting.ids(), Courier.DISMISSED);
      }
      if (waiting.ids().isEmpty()) {
        each.remove();
      }
    }
  }
}
