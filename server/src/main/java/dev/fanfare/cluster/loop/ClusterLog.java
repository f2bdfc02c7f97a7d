package dev.fanfare.cluster.loop;

import dev.fanfare.cluster.MeshListener;
import dev.fanfare.observe.Component;
import dev.fanfare.observe.HeapExhaustion;
import dev.fanfare.observe.LineBudget;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;

/// Logs one line for each transition of the cluster. Confined to the cluster's thread.
///
/// @param cluster its name
/// @param node the name of this node
record ClusterLog(String cluster, String node) implements MeshListener {

  private static final Logger log = Component.CLUSTER.logger();

  @Override
  public void onEvent(Event event) {
    switch (event) {
      case Joined it -> log.info("node {} has joined after {}", it.node(), seconds(it.tookNs()));
      case Complete it ->
          log.info(
              "cluster {}: node {} has joined {} others in {}",
              cluster,
              node,
              it.others(),
              seconds(it.tookNs()));
      case Foreign it ->
          log.error(
              "another cluster uses the name {}: node {} has none of the apps of this node, so"
                  + " nothing is exchanged with it (cluster.name)",
              cluster,
              it.node());
      case Unreadable it ->
          log.error("datagrams of other nodes cannot be read: {}", ClusterHealth.why(it.reason()));
      case Absent it -> log.warn("node {} is silent", it.node());
      case Back it ->
          log.info(
              "node {} is back after {}: {} events late, {} lost",
              it.node(),
              seconds(it.awayNs()),
              it.lateEvents(),
              it.lostEvents());
      case Gone it ->
          log.warn(
              "node {} is gone after {} of silence: {} members, {} subscriptions removed",
              it.node(),
              seconds(it.silentNs()),
              it.members(),
              it.subscriptions());
      case Ending _ -> {}
      case Left it ->
          log.info(
              "node {} has shut down: {} members, {} subscriptions removed",
              it.node(),
              it.members(),
              it.subscriptions());
      case Deaf it -> log.warn("the bus has not answered for {}", seconds(it.sinceNs()));
      case Hearing it ->
          log.info(
              "the bus answers again after {}: {} events sent late, {} lost",
              seconds(it.deafNs()),
              it.waitingEvents(),
              it.lostEvents());
      case Isolated it ->
          log.error(
              "the bus has been away for too long: {} members, {} subscriptions of other nodes"
                  + " removed",
              it.members(),
              it.subscriptions());
      case Newer it ->
          log.error("node {} needs version {} of the cluster's protocol", it.node(), it.version());
      case Lost _, Missed _, Diverged _, Failed _ -> onFault(event);
    }
  }

  /// What may happen often.
  private static void onFault(Event event) {
    if (event instanceof Failed failed) {
      HeapExhaustion.exitIf(failed.failure());
    }
    if (!LineBudget.FAULTS.permits(log)) {
      return;
    }
    switch (event) {
      case Lost it ->
          log.warn("{} events for node {} are lost: {}", it.events(), it.node(), why(it));
      case Missed it ->
          log.warn("node {} has dropped {} events for this node", it.node(), it.events());
      case Diverged it ->
          log.error(
              "what this node holds of node {} differs from what that node has; sent again",
              it.node());
      case Failed it ->
          log.error(
              "failed to apply a message of node {}; others are not affected",
              it.node(),
              it.failure());
      default -> throw new IllegalArgumentException(event.toString());
    }
  }

  private static String why(Lost lost) {
    return switch (lost.reason()) {
      case OUTAGE -> "it was away for too long (cluster.outage_seconds)";
      case BYTES -> "too many bytes waited for it (cluster.outage_bytes)";
      case QUEUE -> "too many messages waited for the cluster's thread";
      case LANES -> "its lanes had no room for a second";
    };
  }

  private static String seconds(long ns) {
    return String.format(Locale.ROOT, "%.1f s", ns / (double) TimeUnit.SECONDS.toNanos(1));
  }
}
