package dev.fanfare.bus;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;

/// A wire and what it has received.
public final class WirePeer implements Wire.Receiver, AutoCloseable {

  static final int PATIENCE_SECONDS = 60;

  private final Wire wire;
  private final long life = ThreadLocalRandom.current().nextLong(1, Long.MAX_VALUE);
  private final BlockingQueue<byte[]> datagrams = new LinkedBlockingQueue<>();
  private final List<String> reasons = new CopyOnWriteArrayList<>();
  private final Semaphore gate = new Semaphore(1);
  private final AtomicInteger connections = new AtomicInteger();

  /// Opens a wire.
  public WirePeer(Wire wire) {
    this.wire = wire;
    wire.open(life, this);
  }

  /// Opens a wire and waits until it is connected.
  public static WirePeer connected(Wire wire) {
    WirePeer peer = new WirePeer(wire);
    peer.awaitConnections(1);
    return peer;
  }

  @Override
  public void onDatagram(byte[] datagram) {
    gate.acquireUninterruptibly();
    datagrams.add(datagram);
    gate.release();
  }

  /// Stops to read until [#resume].
  public void pause() {
    gate.acquireUninterruptibly();
  }

  public void resume() {
    gate.release();
  }

  @Override
  public void onConnected() {
    int _ = connections.incrementAndGet();
  }

  @Override
  public void onDisconnected(String reason) {
    reasons.add(reason);
  }

  public Wire wire() {
    return wire;
  }

  public long life() {
    return life;
  }

  public int connections() {
    return connections.get();
  }

  /// Why it was not connected, in the order of the reports.
  public List<String> reasons() {
    return reasons;
  }

  public void awaitConnections(int count) {
    await()
        .untilAsserted(
            () -> assertThat(connections.get()).as("%s", reasons).isGreaterThanOrEqualTo(count));
  }

  public void awaitReason() {
    await().until(() -> !reasons.isEmpty());
  }

  public void send(long to, String text) {
    boolean _ = wire.send(to, text.getBytes(StandardCharsets.UTF_8));
  }

  /// The next datagram as text.
  public String next() throws InterruptedException {
    byte[] datagram = datagrams.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
    assertThat(datagram).as("nothing arrived; %s", reasons).isNotNull();
    return new String(datagram, StandardCharsets.UTF_8);
  }

  /// Sends to `other` until it hears this, as a node does whose first datagrams may be lost.
  public void reach(WirePeer other, String text) {
    await()
        .until(() -> {
          send(other.life, text);
          byte[] datagram = other.datagrams.poll(500, TimeUnit.MILLISECONDS);
          while (datagram != null && !new String(datagram, StandardCharsets.UTF_8).equals(text)) {
            datagram = other.datagrams.poll();
          }
          return datagram != null;
        });
    other.datagrams.clear();
  }

  static ConditionFactory await() {
    return Awaitility.await().atMost(PATIENCE_SECONDS, TimeUnit.SECONDS);
  }

  @Override
  public void close() {
    try {
      wire.close();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }
}
