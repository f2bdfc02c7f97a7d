package dev.fanfare.cluster.loop;

import dev.fanfare.bus.Wire;
import java.util.concurrent.atomic.LongAdder;

/// The wire as the cluster's thread sees it: what arrives waits in [Incoming], what is sent is
/// counted. Threads of the wire call the [Wire.Receiver].
final class Engine implements Wire.Receiver {

  private final Wire wire;
  private final Incoming incoming;
  private final Runnable wake;
  private final LongAdder receivedBytes = new LongAdder();
  private final LongAdder received = new LongAdder();

  // Written by the cluster's thread.
  private long sent;
  private long sentBytes;

  private volatile boolean isConnected;
  private volatile boolean wasReached;
  private volatile String problem = "";

  /// @param wake wakes the cluster's thread
  Engine(Wire wire, Incoming incoming, Runnable wake) {
    this.wire = wire;
    this.incoming = incoming;
    this.wake = wake;
  }

  void open(long life) {
    wire.open(life, this);
  }

  /// Sends a datagram, or drops it if there is no connection. The cluster's thread.
  void send(long to, byte[] datagram) {
    sent++;
    sentBytes += datagram.length;
    boolean _ = wire.send(to, datagram);
  }

  @Override
  public void onDatagram(byte[] datagram) {
    received.increment();
    receivedBytes.add(datagram.length);
    incoming.add(datagram);
    wake.run();
  }

  @Override
  public void onConnected() {
    problem = "";
    isConnected = true;
    wasReached = true;
    wake.run();
  }

  @Override
  public void onDisconnected(String reason) {
    problem = reason;
    isConnected = false;
  }

  /// Makes new connections.
  void reconnect(String why) {
    wire.reconnect(why);
  }

  boolean isConnected() {
    return isConnected;
  }

  /// Datagrams handed to the wire since the start. The cluster's thread.
  long sent() {
    return sent;
  }

  void close() {
    wire.close();
  }

  /// The cluster's thread.
  EngineState state() {
    return EngineStateBuilder.builder()
        .address(wire.address())
        .isConnected(isConnected)
        .wasReached(wasReached)
        .problem(problem)
        .sent(sent)
        .sentBytes(sentBytes)
        .received(received.sum())
        .receivedBytes(receivedBytes.sum())
        .dropped(incoming.dropped())
        .build();
  }
}
