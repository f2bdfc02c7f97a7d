package dev.fanfare.loadtest.scenario;

import dev.fanfare.loadtest.measure.ServerProcess;
import dev.fanfare.loadtest.plan.Target;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The server under load.
///
/// @param name what it is called in results
/// @param nodes one for a single server, or all nodes of a cluster
/// @param process `null` if it is not to be measured
public record Subject(String name, List<Target> nodes, @Nullable ServerProcess process) {

  public Subject {
    nodes = List.copyOf(nodes);
  }

  /// A single server.
  public static Subject of(String name, Target target, @Nullable ServerProcess process) {
    return new Subject(name, List.of(target), process);
  }

  /// The first node.
  public Target target() {
    return nodes.getFirst();
  }
}
