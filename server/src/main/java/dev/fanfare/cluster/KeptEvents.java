package dev.fanfare.cluster;

import dev.fanfare.bus.BusMessage;
import dev.fanfare.cluster.datagram.Item;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.function.Consumer;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/// The newest event of each cache channel and its publisher, for nodes that join later. Bounded in
/// bytes: the oldest make room, and a node that joins then has a cache miss. Confined to one
/// thread.
final class KeptEvents {

  private record Held(BusMessage.Kept kept, Item item, long life, long atNs, long expiresNs) {}

  private static final int OVERHEAD_BYTES = 160;
  private static final long NS_PER_MS = 1_000_000;

  /// App and channel name, in the order of publishing. App ids contain no line feeds, nor do names.
  private final LinkedHashMap<String, Held> all = new LinkedHashMap<>();

  private final long maxBytes;
  private long bytes;

  KeptEvents(long maxBytes) {
    this.maxBytes = maxBytes;
  }

  long bytes() {
    return bytes;
  }

  /// Keeps the event if it is the newest.
  ///
  /// @param life of the publisher
  /// @param atNs when its remaining time was right
  /// @return false if this or a newer one is known
  boolean put(BusMessage.Kept kept, long life, long atNs) {
    String key = kept.appId() + '\n' + kept.publication().channel().value();
    @Nullable Held known = all.get(key);
    if (known != null && known.kept.version() >= kept.version()) {
      return false;
    }
    remove(key);
    Item item = Item.cached(kept, atNs);
    all.put(key, new Held(kept, item, life, atNs, atNs + kept.remainingMs() * NS_PER_MS));
    bytes += item.bytes() + OVERHEAD_BYTES;
    Iterator<Held> oldest = all.values().iterator();
    while (bytes > maxBytes) {
      bytes -= oldest.next().item.bytes() + OVERHEAD_BYTES;
      oldest.remove();
    }
    return true;
  }

  private void remove(String key) {
    @Nullable Held removed = all.remove(key);
    if (removed != null) {
      bytes -= removed.item.bytes() + OVERHEAD_BYTES;
    }
  }

  /// The events of such publishers that came after a moment.
  void forEach(LongPredicate isPublisher, long afterNs, Consumer<Item> to) {
    for (Held held : all.values()) {
      if (held.atNs - afterNs >= 0 && isPublisher.test(held.life)) {
        to.accept(held.item);
      }
    }
  }

  /// The version of a channel's event, or -1.
  long version(String app, String channel) {
    @Nullable Held held = all.get(app + '\n' + channel);
    return held == null ? -1 : held.kept.version();
  }

  /// Drops what has expired.
  void expire(long nowNs) {
    Iterator<Held> next = all.values().iterator();
    while (next.hasNext()) {
      Held held = next.next();
      if (nowNs - held.expiresNs >= 0) {
        bytes -= held.item.bytes() + OVERHEAD_BYTES;
        next.remove();
      }
    }
  }
}
