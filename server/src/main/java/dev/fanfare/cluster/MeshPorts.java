package dev.fanfare.cluster;

import dev.fanfare.bus.Bus;
import dev.fanfare.bus.BusMessage;
import dev.fanfare.bus.RateShares;

/// What a [Mesh] calls, always on the thread that called the mesh. None of them may call it back,
/// except that the listener may ask for [Mesh#state].
///
/// @param output sends datagrams
/// @param receiver applies the messages of other nodes
/// @param gate whether an event of another node can be delivered now; while it cannot, everything
///   after it on its link waits, for a second at most
/// @param listener for the log
/// @param shares of this node in the rate limits of apps
public record MeshPorts(
    Output output, Bus.Receiver receiver, Gate gate, MeshListener listener, RateShares shares) {

  /// Sends datagrams, at most once.
  @FunctionalInterface
  public interface Output {

    /// Sends a datagram, or drops it.
    ///
    /// @param to a life, or [dev.fanfare.bus.Wire#ALL]
    /// @param datagram not changed afterwards
    void send(long to, byte[] datagram);
  }

  /// Knows whether the lanes have room.
  @FunctionalInterface
  public interface Gate {

    boolean hasRoom(BusMessage event);
  }

  /// A listener that does not care, and lanes that always have room.
  public static MeshPorts of(Output output, Bus.Receiver receiver) {
    return new MeshPorts(output, receiver, _ -> true, _ -> {}, new RateShares());
  }
}
