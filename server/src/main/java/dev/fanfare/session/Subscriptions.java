package dev.fanfare.session;

import dev.fanfare.channel.lane.Subscription;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// One connection's subscriptions by channel name. Most connections have a few, which are kept in
/// an exactly sized array, much smaller than a map; more are kept in a map. Confined to one lane.
final class Subscriptions {

  /// Up to this size a linear search is as fast as hashing.
  private static final int FEW = 8;

  private static final Subscription[] NONE = new Subscription[0];

  private Subscription[] few = NONE;
  private @Nullable Map<String, Subscription> many;

  /// How many of the few [#leave] has gone through.
  private byte left;

  /// True once [#leave] goes on in later turns. Here, where it needs no memory.
  boolean isLeaving;

  int size() {
    return many == null ? few.length - left : many.size();
  }

  @Nullable Subscription get(String channel) {
    if (many != null) {
      return many.get(channel);
    }
    int index = indexOf(channel);
    return index < 0 ? null : few[index];
  }

  /// Adds a subscription to a channel that has none yet.
  void add(Subscription subscription) {
    if (many == null && few.length == FEW) {
      many = HashMap.newHashMap(FEW * 2);
      for (Subscription old : few) {
        many.put(old.channelName().value(), old);
      }
      few = NONE;
    }
    if (many != null) {
      many.put(subscription.channelName().value(), subscription);
    } else {
      few = Arrays.copyOf(few, few.length + 1);
      few[few.length - 1] = subscription;
    }
  }

  @Nullable Subscription remove(String channel) {
    if (many != null) {
      return many.remove(channel);
    }
    int index = indexOf(channel);
    if (index < 0) {
      return null;
    }
    Subscription removed = few[index];
    few[index] = few[few.length - 1];
    few = Arrays.copyOf(few, few.length - 1);
    return removed;
  }

  void forEach(Consumer<Subscription> visitor) {
    for (Subscription subscription : few) {
      visitor.accept(subscription);
    }
    if (many != null) {
      many.values().forEach(visitor);
    }
  }

  /// Passes some subscriptions to `leave`, and removes each afterwards, so that a failed call can
  /// be repeated for the rest. Nothing else may be called from then on, except [#size].
  ///
  /// @param most how many at most
  void leave(int most, Consumer<Subscription> leave) {
    int rest = most;
    while (few.length > left && rest > 0) {
      leave.accept(few[left]);
      left++;
      rest--;
    }
    if (many != null) {
      Iterator<Subscription> each = many.values().iterator();
      while (rest > 0 && each.hasNext()) {
        leave.accept(each.next());
        each.remove();
        rest--;
      }
    }
  }

  private int indexOf(String channel) {
    for (int i = 0; i < few.length; i++) {
      if (few[i].channelName().value().equals(channel)) {
        return i;
      }
    }
    return -1;
  }
}
