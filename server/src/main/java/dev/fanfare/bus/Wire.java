package dev.fanfare.bus;

import org.jspecify.annotations.Nullable;

/// The port to the engine that joins the nodes: it carries datagrams at most once, stores nothing
/// and needs to keep the order of one sender only while its connection lasts. Any thread.
public interface Wire extends AutoCloseable {

  /// The address of every node.
  long ALL = 0;

  /// What arrives. Called by threads of the wire; must return soon and not throw.
  interface Receiver {

    /// A datagram for this node or for all, also the node's own to all.
    void onDatagram(byte[] datagram);

    /// The engine can be reached: both subscriptions are in place. Called again after each
    /// interruption.
    void onConnected();

    /// The engine cannot be reached.
    ///
    /// @param reason for the log and `/ready`; names no secret
    void onDisconnected(String reason);
  }

  /// Begins to connect, and does not give up until [#close]. Called once.
  ///
  /// @param life of this process: its address, not 0
  void open(long life, Receiver receiver);

  /// Hands a datagram to the connection, or drops it if that is not possible now. Never throws or
  /// blocks.
  ///
  /// @param to a life, or [#ALL]
  /// @param datagram not changed afterwards
  /// @return false if it was dropped; true does not mean that the engine accepts it
  boolean send(long to, byte[] datagram);

  /// Closes the connections and makes new ones.
  ///
  /// @param why for the log
  void reconnect(String why);

  /// The longest datagram that the engine takes, in bytes.
  int maxDatagramBytes();

  /// Asks the engine for its version and limits, which nodes do not need. Blocks for some seconds
  /// at most; null without a connection, or if the wire does not know.
  default @Nullable EngineTraits describe() {
    return null;
  }

  /// The engine's address for people: scheme, hosts and ports, without user or password.
  String address();

  @Override
  void close();
}
