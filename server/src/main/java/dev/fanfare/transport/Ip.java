package dev.fanfare.transport;

import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// An IP address as 128 bits. IPv4 is what RFC 4291 section 2.5.5.2 maps it to, `::ffff:a.b.c.d`,
/// so that an address is the same whichever kind of socket it came through.
///
/// @param high the first 64 bits
/// @param low the last 64 bits
record Ip(long high, long low) {

  private static final long V4_MARK = 0xffffL << 32;
  private static final int V4_BYTES = 4;
  private static final int BYTES = 16;

  static Ip of(InetAddress address) {
    return of(address.getAddress());
  }

  /// The address that `text` spells, in brackets or not; null if it spells none. Asks no resolver.
  static @Nullable Ip parse(String text) {
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

  /// What one customer of a provider has to himself: an IPv4 address, or a /64 of IPv6, in which he
  /// may take as many addresses as he likes.
  Ip block() {
    return isV4() ? this : new Ip(high, 0);
  }

  /// How a person names the block: `192.0.2.1`, `2001:db8::/64`.
  String blockName() {
    return isV4() ? toString() : block() + "/64";
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
      throw new IllegalStateException("the length is one of the two that there are", e);
    }
  }
}
