package dev.fanfare.bus;

import java.util.Arrays;

/// A number for each other node, and their sum. The owner synchronizes changes; any thread may read
/// the sum.
public final class NodeCounts {

  private static final int[] NONE = new int[0];

  private int[] counts = NONE;
  private volatile int total;

  /// The sum over all other nodes.
  public int total() {
    return total;
  }

  /// Replaces the number of one node.
  ///
  /// @return false if it was the same before
  public boolean set(int node, int count) {
    if (node >= counts.length) {
      if (count == 0) {
        return false;
      }
      counts = Arrays.copyOf(counts, node + 1);
    }
    int sum = total - counts[node] + count;
    boolean isChanged = sum != total;
    counts[node] = count;
    total = sum;
    return isChanged;
  }
}
