package dev.fanfare.bus;

import dev.fanfare.app.Secret;
import io.soabase.recordbuilder.core.RecordBuilder;
import org.jspecify.annotations.Nullable;

/// Whether and how this node works together with others.
///
/// @param node the name of this node for people; empty for the host name
/// @param secret encrypts datagrams, 32 bytes as hexadecimal digits or Base64; null for plain ones
/// @param leaseSeconds of silence after which a node is gone
/// @param outageSeconds for which events are kept for a node that cannot be reached
/// @param outageBytes of events that are kept
/// @param handoverSeconds for which the users of a draining node still count as present
/// @param joinSeconds that a starting node waits for the state of the others, at most
/// @param isUnreadyWhenCutOff whether `/ready` fails while the engine does not answer
@RecordBuilder
public record ClusterOptions(
    EngineOptions engine,
    String node,
    @Nullable Secret secret,
    int leaseSeconds,
    int outageSeconds,
    long outageBytes,
    int handoverSeconds,
    int joinSeconds,
    boolean isUnreadyWhenCutOff)
    implements ClusterOptionsBuilder.With {

  /// A single node.
  public static final ClusterOptions OFF =
      ClusterOptionsBuilder.builder()
          .engine(EngineOptions.NONE)
          .node("")
          .secret(null)
          .leaseSeconds(6)
          .outageSeconds(120)
          .outageBytes(64L << 20)
          .handoverSeconds(5)
          .joinSeconds(10)
          .isUnreadyWhenCutOff(false)
          .build();

  public boolean isOn() {
    return engine.kind() != EngineOptions.Kind.NONE;
  }

  /// The cluster's name, which separates clusters that share an engine.
  public String name() {
    return engine.cluster();
  }
}
