package dev.fanfare.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.bus.BusMessage;
import dev.fanfare.cluster.datagram.Item;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Which recent events a node gets whose subscriber has just missed them.
final class RecentTest {

  private static final int SLOT = 3;

  private final Recent recent = new Recent(1_000_000);

  private Item event(long atNs, int... given) {
    return add(new BusMessage.Event("1", Lab.publication("c", "e" + atNs)), atNs, given);
  }

  private Item kept(long atNs, int... given) {
    return add(
        new BusMessage.Kept("1", Lab.publication("c", "k" + atNs), atNs, 60_000), atNs, given);
  }

  private Item add(BusMessage message, long atNs, int... given) {
    BitSet slots = new BitSet();
    for (int slot : given) {
      slots.set(slot);
    }
    Item item = Item.of(message, atNs);
    recent.add(item, "c", slots);
    return item;
  }

  private List<Item> give(long sinceNs) {
    List<Item> items = new ArrayList<>();
    recent.give("1", "c", sinceNs, SLOT, items::add);
    return items;
  }

  @Test
  void theEventsSinceThenOnceAndInOrder() {
    event(10);
    Item second = event(20, SLOT + 1);
    Item third = event(30);
    assertThat(give(20)).containsExactly(second, third);
    assertThat(give(20)).isEmpty();
    Item fourth = event(40);
    assertThat(give(0)).as("not the first, which would be late").containsExactly(fourth);
  }

  @Test
  void noneThatIsOlderThanOneThatTheNodeHasGot() {
    event(10);
    kept(15);
    event(20, SLOT);
    Item third = event(30);
    assertThat(give(0)).containsExactly(third);
  }

  @Test
  void theLastOneThatTheChannelKeepsHoweverOld() {
    kept(10);
    Item last = kept(20);
    event(30);
    Item since = event(40);
    assertThat(give(40)).containsExactly(last, since);
  }
}
