package dev.fanfare.cluster.loop;

import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A change of this node's apps that the cluster's thread has not seen yet.
///
/// @param configHash of all apps
/// @param apps which they are: [dev.fanfare.cluster.datagram.AppHashes]
/// @param added ids of apps that this node did not know before
record AppsUpdate(long configHash, Set<Integer> apps, Set<String> added) {

  AppsUpdate {
    added = Set.copyOf(added);
  }

  /// Both changes.
  ///
  /// @param earlier null if there is none
  static AppsUpdate after(@Nullable AppsUpdate earlier, AppsUpdate later) {
    if (earlier == null) {
      return later;
    }
    Set<String> added = new HashSet<>(earlier.added);
    added.addAll(later.added);
    return new AppsUpdate(later.configHash, later.apps, added);
  }
}
