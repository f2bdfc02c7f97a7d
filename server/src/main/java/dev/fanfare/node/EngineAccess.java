package dev.fanfare.node;

import dev.fanfare.app.App;
import dev.fanfare.bus.ClusterOptions;
import dev.fanfare.bus.Wire;
import dev.fanfare.cluster.datagram.DatagramCodec;
import java.util.Collection;

/// The parts of a cluster's node without a server, for a command that examines the engine.
public final class EngineAccess {

  private EngineAccess() {}

  /// A wire that is not connected yet.
  ///
  /// @param options with an engine
  public static Wire wire(ClusterOptions options) {
    return BusStart.wire(options.engine());
  }

  /// Reads what the nodes send.
  ///
  /// @param life of this process
  public static DatagramCodec codec(ClusterOptions options, long life) {
    return new DatagramCodec(options.name(), life, BusStart.seal(options.secret(), options.name()));
  }

  /// What nodes with these apps send to show that they are configured alike.
  public static long configHash(Collection<App> apps) {
    return BusStart.hash(apps);
  }
}
