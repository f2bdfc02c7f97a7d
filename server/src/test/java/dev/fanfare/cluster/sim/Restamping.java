package dev.fanfare.cluster.sim;

import dev.fanfare.cluster.datagram.Seal;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/// A defect on purpose: data of an earlier generation of a link passes for data of the present one.
final class Restamping {

  private static final int KIND_AT = 3;
  private static final int LIFE_AT = 8;
  private static final int GENERATION_AT = 16;
  private static final int DATA = 2;

  private final Seal seal = Seal.checksum();

  /// The highest generation of each sender.
  private final Map<Long, Integer> latest = new HashMap<>();

  byte[] apply(byte[] datagram) {
    ByteBuffer bytes = ByteBuffer.wrap(datagram);
    if (bytes.get(KIND_AT) != DATA) {
      return datagram;
    }
    long life = bytes.getLong(LIFE_AT);
    int generation = latest.merge(life, bytes.getInt(GENERATION_AT), Math::max);
    int length = datagram.length - seal.overhead();
    byte[] changed = Arrays.copyOf(datagram, length);
    ByteBuffer.wrap(changed).putInt(GENERATION_AT, generation);
    return seal.close(changed, length, life);
  }
}
