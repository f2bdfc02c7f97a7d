package dev.fanfare.cluster.loop;

import dev.fanfare.cluster.Mesh;
import java.util.concurrent.TimeUnit;

/// The shutdown of this node, as the others see it: first it is draining, and once everything that
/// it published is sent, it says farewell, so that its entries end at once instead of after the
/// lease. Confined to the cluster's thread.
final class Farewell {

  /// How long the others have to confirm the farewell, and how long messages may still come before
  /// it.
  static final long PATIENCE_NS = TimeUnit.SECONDS.toNanos(2);

  private final Mesh mesh;
  private boolean isDraining;
  private boolean isClosing;
  private boolean isSaid;
  private long sinceNs;

  Farewell(Mesh mesh) {
    this.mesh = mesh;
  }

  /// Does what is due, from the moment at which the node drains.
  ///
  /// @param closing the last message of this node is published
  /// @param isQueueEmpty all published messages were handed to the mesh
  void step(boolean closing, boolean isQueueEmpty, long nowNs) {
    if (!isDraining) {
      isDraining = true;
      mesh.drain();
    }
    if (closing && !isClosing) {
      isClosing = true;
      sinceNs = nowNs;
    }
    if (isClosing && !isSaid && (isQueueEmpty || nowNs - sinceNs >= PATIENCE_NS)) {
      isSaid = true;
      sinceNs = nowNs;
      mesh.bye(nowNs);
    }
  }

  /// True if the thread may end.
  ///
  /// @param isMute the engine cannot be reached, so nothing can be confirmed
  boolean isDone(boolean isMute, long nowNs) {
    return isSaid && (isMute || mesh.isByeAcknowledged() || nowNs - sinceNs >= PATIENCE_NS);
  }
}
