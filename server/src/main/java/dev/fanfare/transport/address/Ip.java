package dev.fanfare.transport.address;

import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// An IP address as 128 bits. IPv4 addresses are mapped to `::ffff:a.b.c.d` (RFC 4291 section
/// 2.5.5.2), so that an address is the same on IPv4 and IPv6 sockets. Comparable, because strangers
/// may choose among many: a map finds equal hashes by their order.
///
/// @param high the first 64 bits
/// @param low the last 64 bits
public record Ip(long high, long low) implements Comparable<Ip> {

  private static final long V4_MARK = 0xffffL << 32;
  private static final int V4_BYTES = 4;
  private static final int BYTES = 16;

  static Ip of(InetAddress address) {
    return of(address.getAddress());
  }

  /// Parses an address, with or without brackets; null if `text` is none. Never resolves names.
  public static @Nullable Ip parse(String text) {
    byte[] bytes = NetUtil.createByteArrayFromIpAddressString(text);
    return bytes == null ? null : of(bytes);
  }

  private static Ip of(byte[] bytes) {
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    return bytes.length == V4_BYTES
        ? new Ip(0, V4_MARK | Integer.toUnsignedLong(buffer.getInt()))
        : new Ip(buffer.getLong(), buffer.getLong());
  }

  boolean isV4() {
    return high == 0 && low >>> 32 == V4_MARK >>> 32;
  }

  /// What a provider assigns to one customer: an IPv4 address, or an IPv6 /64, within which the
  /// customer can use any address.
  public Ip block() {
    return isV4() ? this : new Ip(high, 0);
  }

  /// The block as text: `192.0.2.1`, `2001:db8::/64`.
  public String blockName() {
    return isV4() ? toString() : block() + "/64";
  }

  @Override
  public int compareTo(Ip other) {
    int order = Long.compareUnsigned(high, other.high);
    return order == 0 ? Long.compareUnsigned(low, other.low) : order;
  }

  @Override
  public String toString() {
    ByteBuffer bytes = ByteBuffer.allocate(isV4() ? V4_BYTES : BYTES);
    if (isV4()) {
      bytes.putInt((int) low);
    } else {
      bytes.putLong(high).putLong(low);
    }
    try {
      return NetUtil.toAddressString(InetAddress.getByAddress(bytes.array()));
    } catch (UnknownHostException e) {
      throw new IllegalStateException("an address has 4 or 16 bytes", e);
    }
  }
}
