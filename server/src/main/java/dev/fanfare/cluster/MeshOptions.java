package dev.fanfare.cluster;

import dev.fanfare.cluster.datagram.AppHashes;
import dev.fanfare.cluster.datagram.Seal;
import io.soabase.recordbuilder.core.RecordBuilder;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/// How a node takes part in its cluster. Times are in nanoseconds.
///
/// @param cluster its name, equal on all nodes; datagrams of another name are rejected
/// @param node the name of this node, for people only
/// @param version of this build, for people only
/// @param seal protects and checks datagrams
/// @param configHash of the apps and limits at the start, compared with that of other nodes
/// @param apps which apps this node has at the start: [AppHashes]
/// @param leaseNs a node that is silent for so long is gone
/// @param outageNs how long events are kept for a node that cannot be reached
/// @param outageBytes how many bytes of events are kept, of each link and of the recent events
/// @param joinNs how long a new node waits for the state of the others before it is ready
/// @param maxDatagramBytes the longest datagram that the engine accepts
@RecordBuilder
public record MeshOptions(
    String cluster,
    String node,
    String version,
    Seal seal,
    long configHash,
    Set<Integer> apps,
    long leaseNs,
    long outageNs,
    long outageBytes,
    long joinNs,
    int maxDatagramBytes)
    implements MeshOptionsBuilder.With {

  /// The documented defaults, without a secret.
  public static MeshOptions defaults(String cluster, String node, String version) {
    return MeshOptionsBuilder.builder()
        .cluster(cluster)
        .node(node)
        .version(version)
        .seal(Seal.checksum())
        .configHash(0)
        .apps(Set.of())
        .leaseNs(TimeUnit.SECONDS.toNanos(6))
        .outageNs(TimeUnit.SECONDS.toNanos(120))
        .outageBytes(64L << 20)
        .joinNs(TimeUnit.SECONDS.toNanos(10))
        .maxDatagramBytes(16 << 20)
        .build();
  }
}
