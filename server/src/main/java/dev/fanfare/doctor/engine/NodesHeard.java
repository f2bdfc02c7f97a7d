package dev.fanfare.doctor.engine;

import dev.fanfare.cluster.datagram.Datagram;
import dev.fanfare.cluster.datagram.DatagramCodec;
import dev.fanfare.cluster.datagram.Rejection;
import dev.fanfare.doctor.report.Outcome;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// The nodes whose beats were heard, and the datagrams that could not be read. Confined to one
/// thread.
final class NodesHeard {

  private final DatagramCodec codec;
  private final long configHash;
  private final Map<Long, Datagram.Identity> nodes = new TreeMap<>();
  private final Map<Rejection, Integer> rejected = new EnumMap<>(Rejection.class);

  /// @param configHash of the apps that are configured here
  NodesHeard(DatagramCodec codec, long configHash) {
    this.codec = codec;
    this.configHash = configHash;
  }

  void add(byte[] datagram) {
    switch (codec.read(datagram)) {
      case DatagramCodec.Invalid(var rejection) -> rejected.merge(rejection, 1, Integer::sum);
      case DatagramCodec.Valid(var life, var message) -> {
        if (message instanceof Datagram.Beat beat) {
          nodes.put(life, beat.identity());
        }
      }
    }
  }

  Outcome outcome(long seconds) {
    int sealed =
        rejected.getOrDefault(Rejection.SEAL, 0) + rejected.getOrDefault(Rejection.SECRET, 0);
    if (sealed > 0) {
      return new Outcome.Failed(
          sealed + " datagrams have another secret, or none, or are damaged",
          "Give all nodes the same cluster.secret, or none of them any.");
    }
    if (rejected.containsKey(Rejection.VERSION)) {
      return new Outcome.Failed(
          "a node of another version sends datagrams that this version cannot read",
          "Use the same version on all nodes.");
    }
    if (nodes.isEmpty()) {
      return new Outcome.Warned(
          "no other node was heard for " + seconds + " s",
          "Start the nodes with the same engine and the same cluster.name.");
    }
    List<String> names = new ArrayList<>();
    List<String> different = new ArrayList<>();
    nodes
        .values()
        .forEach(node -> {
          names.add(node.node() + " (" + node.version() + ")");
          if (node.configHash() != configHash) {
            different.add(node.node());
          }
          if (node.lowestCodec() > Datagram.HIGHEST_CODEC) {
            different.add(node.node());
          }
        });
    String finding = names.size() + (names.size() == 1 ? " node: " : " nodes: ");
    finding += String.join(", ", names.stream().sorted().toList());
    return different.isEmpty()
        ? new Outcome.Passed(finding)
        : new Outcome.Warned(
            finding
                + "; other apps, limits or versions than here: "
                + String.join(", ", different.stream().distinct().sorted().toList()),
            "Give all nodes the same configuration and reload it.");
  }
}
