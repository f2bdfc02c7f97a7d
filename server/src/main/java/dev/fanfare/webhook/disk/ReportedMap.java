package dev.fanfare.webhook.disk;

import dev.fanfare.observe.Component;
import dev.fanfare.webhook.outbox.FairBytes;
import dev.fanfare.webhook.outbox.Outbox;
import dev.fanfare.webhook.outbox.Presence;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.zip.CRC32;
import org.h2.mvstore.MVMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/// What webhooks have reported as present: a map of a file, from the key of a [Presence] to a
/// number with the CRC-32 of the key and the run of the process that has reported or confirmed it.
/// After a restart, what has an older run was not confirmed. Guarded by the outbox's lock.
final class ReportedMap {

  private static final Logger log = Component.WEBHOOKS.logger();

  private static final int OVERHEAD_BYTES = 60;

  /// Keys of one commit when the map is copied.
  private static final int SLICE = 1_000;

  private final MVMap<String, Long> map;
  private FairBytes<String> bytes = new FairBytes<>(0);
  private int run;
  private boolean isFullLogged;

  ReportedMap(MVMap<String, Long> map) {
    this.map = map;
  }

  /// Counts what there is.
  ///
  /// @param limit bytes of all apps
  /// @param currentRun of this process; 0 for the one after the newest run in the map
  /// @return the run of this process
  int begin(long limit, int currentRun) {
    bytes = new FairBytes<>(limit);
    int newest = 0;
    Iterator<String> keys = map.keyIterator(null);
    while (keys.hasNext()) {
      String key = keys.next();
      bytes.add(Presence.appId(key), size(key));
      Long value = map.get(key);
      newest = value == null ? newest : Math.max(newest, runOf(value));
    }
    run = currentRun == 0 ? newest + 1 : currentRun;
    return run;
  }

  private static long size(String key) {
    return (long) OVERHEAD_BYTES + Outbox.Draft.bytes(key);
  }

  private static int runOf(long value) {
    return (int) value;
  }

  private static long value(String key, int run) {
    CRC32 crc = new CRC32();
    crc.update(key.getBytes(StandardCharsets.UTF_8));
    return crc.getValue() << Integer.SIZE | run;
  }

  private static boolean isValid(String key, @Nullable Long value) {
    return value != null && value == value(key, runOf(value));
  }

  /// Records what is reported. Beyond the limit in bytes of its app, a presence is not recorded.
  void apply(Presence presence) {
    String key = presence.key();
    Long before = map.get(key);
    if (!presence.isPresent()) {
      if (before != null) {
        map.remove(key);
        bytes.release(presence.appId(), size(key));
      }
      return;
    }
    if (before == null && !bytes.reserve(presence.appId(), size(key))) {
      if (!isFullLogged) {
        isFullLogged = true;
        log.warn(
            "too many channels and members of app {} are reported as present to record them all:"
                + " {} bytes, of {} for all apps (an eighth of webhooks.max_disk_bytes). After a"
                + " crash, no removals will be sent for the others",
            presence.appId(),
            bytes.used(presence.appId()),
            bytes.limit());
      }
      return;
    }
    if (before == null || runOf(before) != run) {
      map.put(key, value(key, run));
    }
  }

  /// True if an earlier run has reported this as present, and this run has not.
  boolean isUnconfirmed(String key) {
    Long value = map.get(key);
    return value != null && runOf(value) != run;
  }

  /// The first key behind `key` that an earlier run has reported, and this run has not; null if
  /// there is none.
  @Nullable String unconfirmedAfter(String key) {
    String next = map.higherKey(key);
    while (next != null && !isUnconfirmed(next)) {
      next = map.higherKey(next);
    }
    return next;
  }

  /// Reads everything, as far as that is possible, and copies it to another map.
  ///
  /// @param copy gets the keys of a slice and commits them; null to check the map
  /// @return how many pages or records cannot be read
  int readAll(@Nullable Copy copy) {
    int failures = 0;
    List<String> slice = new ArrayList<>();
    try {
      Iterator<String> keys = map.keyIterator(null);
      while (keys.hasNext()) {
        String key = keys.next();
        if (!isValid(key, map.get(key))) {
          failures++;
        } else if (copy != null) {
          slice.add(key);
        }
        if (copy != null && slice.size() == SLICE) {
          copy.put(this, slice);
          slice.clear();
        }
      }
    } catch (RuntimeException e) {
      log.debug("a part of what was reported as present cannot be read", e);
      failures++;
    }
    if (copy != null) {
      copy.put(this, slice);
    }
    return failures;
  }

  /// Copies a record of another map as it is.
  void copy(ReportedMap from, String key) {
    Long value = from.map.get(key);
    if (value != null) {
      map.put(key, value);
    }
  }

  /// Where records are copied to.
  interface Copy {
    void put(ReportedMap from, List<String> keys);
  }
}
