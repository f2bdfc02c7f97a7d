package dev.fanfare.history.segment;

import java.io.IOException;

/// Where the records with one key are in a segment, ascending. Used only while the lock of the log
/// is held.
interface Offsets {

  /// What a search asks about the record at an offset.
  interface Question {
    /// The sequence of the event; -1 if it is none of the channel that is searched for.
    long sequenceAt(int offset) throws IOException;
  }

  /// How many there are.
  int count();

  /// One of them; 0 is the oldest.
  int at(int index) throws IOException;

  /// The index of the first event with a higher sequence; the count if there is none. Reads few
  /// records, since events of a channel ascend. Channels that have the same key by chance, or by
  /// intent, cost more reads.
  default int firstAbove(long sequence, Question question) throws IOException {
    int low = 0;
    int high = count();
    while (low < high) {
      int middle = (low + high) >>> 1;
      int known = middle;
      long found = question.sequenceAt(at(known));
      while (found < 0 && known > low) {
        known--;
        found = question.sequenceAt(at(known));
      }
      if (found > sequence) {
        high = known;
      } else {
        low = middle + 1;
      }
    }
    return low;
  }
}
