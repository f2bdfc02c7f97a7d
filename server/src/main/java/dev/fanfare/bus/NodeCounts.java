package dev.fanfare.bus;

import java.util.Arrays;

/// A number for each other node, and their sum. The owner synchronizes changes; any thread may read
/// the sum. There may be one for each channel of the cluster, most of which are on one node only.
public abstract class NodeCounts {

  private static final int[] NONE = new int[0];

  /// By node; empty as long as `only` has all.
  private int[] counts = NONE;

  /// The one node with a number, which is the sum, unless `counts` has several.
  private int only;

  private volatile int total;

  /// Numbers without anything beside them.
  private static final class Plain extends NodeCounts {}

  /// No node has a number yet.
  public static NodeCounts none() {
    return new Plain();
  }

  /// The sum over all other nodes.
  public final int total() {
    return total;
  }

  /// Replaces the number of one node.
  ///
  /// @return false if it was the same before
  public final boolean set(int node, int count) {
    if (counts.length == 0 && (total == 0 || only == node)) {
      boolean isChanged = total != count;
      only = node;
      total = count;
      return isChanged;
    }
    if (counts.length == 0) {
      if (count == 0) {
        return false;
      }
      counts = new int[Math.max(only, node) + 1];
      counts[only] = total;
    }
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
