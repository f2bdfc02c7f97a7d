package dev.fanfare.bus;

import dev.fanfare.cluster.loop.Cluster;
import dev.fanfare.testing.ClusterNodes;
import java.util.List;

/// The bus of a cluster keeps the contract.
final class ClusterBusTest extends BusContract {

  @Override
  List<Cluster> open(int count) {
    return ClusterNodes.join(count);
  }
}
