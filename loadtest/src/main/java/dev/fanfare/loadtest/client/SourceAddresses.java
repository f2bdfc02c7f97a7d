package dev.fanfare.loadtest.client;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import org.jspecify.annotations.Nullable;

/// The local addresses to connect from. A pair of addresses has room for some 28,000 connections,
/// and the ports of closed ones stay in use for a minute; 127.0.0.0/8 has many addresses to spread
/// over. Confined to one thread.
public final class SourceAddresses {

  /// Connections per address that leave the kernel a choice of ports.
  private static final int PER_ADDRESS = 14_000;

  /// 127.0.0.1 to 127.0.3.232 at most.
  public static final int MAX = 1_000;

  private final int count;
  private int turn;

  private SourceAddresses(int count) {
    this.count = count;
  }

  /// Enough addresses for `connections` within a minute; 1 if the target is not in 127.0.0.0/8.
  public static SourceAddresses enoughFor(long connections, InetSocketAddress target) {
    long needed = 1 + connections / PER_ADDRESS;
    return of((int) Math.min(needed, MAX), target);
  }

  /// Exactly `count` addresses; 1 if the target is not in 127.0.0.0/8.
  public static SourceAddresses of(int count, InetSocketAddress target) {
    byte[] address = target.getAddress().getAddress();
    boolean loopback4 = address.length == 4 && address[0] == 127;
    return new SourceAddresses(loopback4 ? count : 1);
  }

  /// The source of the next connection; `null` leaves it to the kernel.
  public @Nullable InetSocketAddress next() {
    if (count == 1) {
      return null;
    }
    turn = turn % count + 1;
    byte[] address = {127, 0, (byte) (turn >> 8), (byte) turn};
    try {
      return new InetSocketAddress(InetAddress.getByAddress(address), 0);
    } catch (UnknownHostException e) {
      throw new IllegalStateException("four bytes are always an address", e);
    }
  }
}
