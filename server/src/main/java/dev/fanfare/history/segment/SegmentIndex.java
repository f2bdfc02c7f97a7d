package dev.fanfare.history.segment;

import java.io.IOException;

/// Where the records of each channel are in a segment. Its events and everything else have separate
/// keys, so that a search for a cursor does not read events.
interface SegmentIndex {

  /// A second key of all purges, by which those of a segment are found.
  long PURGES = 1;

  /// A third key of those purges that are of a user.
  long USER_PURGES = 2;

  /// The offsets of records with this key, which another channel may have by chance.
  Offsets offsets(long key) throws IOException;

  /// The key of a record.
  static long key(SegmentRecord indexed) {
    return key(indexed.channel(), indexed instanceof SegmentRecord.Event);
  }

  /// The key of a channel: FNV-1a, 64 bits.
  static long key(String channel, boolean isEvent) {
    long hash = 0xcbf29ce484222325L ^ (isEvent ? 1 : 0);
    for (int i = 0; i < channel.length(); i++) {
      hash = (hash ^ channel.charAt(i)) * 0x100000001b3L;
    }
    return hash ^ (hash >>> Integer.SIZE);
  }
}
