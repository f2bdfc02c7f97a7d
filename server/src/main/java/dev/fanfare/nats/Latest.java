package dev.fanfare.nats;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// Remembers the values that were used last, at most so many. Any thread.
///
/// @param <K> what a value is about
/// @param <V> a value
final class Latest<K extends Comparable<? super K>, V> {

  private final ReentrantLock lock = new ReentrantLock();

  /// Guarded by the lock; in the order of their last use.
  private final Map<K, V> values;

  Latest(int most) {
    values =
        new LinkedHashMap<>(16, 0.75f, true) {
          private static final long serialVersionUID = 1L;

          @Override
          protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
            return size() > most;
          }
        };
  }

  /// Null if there is none, or none any more.
  @Nullable V get(K key) {
    lock.lock();
    try {
      return values.get(key);
    } finally {
      lock.unlock();
    }
  }

  void put(K key, V value) {
    lock.lock();
    try {
      values.put(key, value);
    } finally {
      lock.unlock();
    }
  }

  void remove(K key) {
    lock.lock();
    try {
      values.remove(key);
    } finally {
      lock.unlock();
    }
  }
}
