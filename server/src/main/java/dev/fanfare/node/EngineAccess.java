package dev.fanfare.node;

import dev.fanfare.app.App;
import dev.fanfare.bus.ClusterOptions;
import dev.fanfare.bus.RequestKeys;
import dev.fanfare.bus.StoreRemark;
import dev.fanfare.bus.Wire;
import dev.fanfare.cluster.datagram.DatagramCodec;
import dev.fanfare.history.shared.Streams;
import java.util.Collection;
import java.util.List;
import java.util.Objects;

/// The parts of a cluster's node without a server, for a command that examines the engine.
public final class EngineAccess {

  private EngineAccess() {}

  /// A wire that is not connected yet.
  ///
  /// @param options with an engine
  public static Wire wire(ClusterOptions options) {
    return BusStart.wire(options.engine());
  }

  /// What keeps the events of channels, not connected yet.
  ///
  /// @param options with an engine
  public static Streams streams(ClusterOptions options) {
    return Objects.requireNonNull(BusStart.streams(options.engine()));
  }

  /// What remembers idempotency keys, not connected yet.
  ///
  /// @param options with an engine
  public static RequestKeys keys(ClusterOptions options) {
    return Objects.requireNonNull(BusStart.keys(options.engine()));
  }

  /// What there is to know about what the engine keeps. Blocks for some seconds at most for each
  /// URL.
  public static List<StoreRemark> remarks(ClusterOptions options) throws InterruptedException {
    return BusStart.remarks(options.engine());
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
