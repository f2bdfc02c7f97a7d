package dev.fanfare.cluster.datagram;

import java.util.Arrays;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/// A checksum in the last four bytes.
final class ChecksumSeal implements Seal {

  @Override
  public int kindBit() {
    return 0;
  }

  @Override
  public int overhead() {
    return Integer.BYTES;
  }

  @Override
  public byte[] close(byte[] bytes, int length, long life) {
    byte[] datagram = Arrays.copyOf(bytes, length + Integer.BYTES);
    long sum = sum(bytes, length);
    for (int i = 0; i < Integer.BYTES; i++) {
      datagram[length + i] = part(sum, i);
    }
    return datagram;
  }

  @Override
  public byte @Nullable [] open(byte[] datagram, long life) {
    int length = datagram.length - Integer.BYTES;
    long sum = sum(datagram, length);
    for (int i = 0; i < Integer.BYTES; i++) {
      if (datagram[length + i] != part(sum, i)) {
        return null;
      }
    }
    return datagram;
  }

  private static byte part(long sum, int i) {
    return (byte) (sum >>> (Byte.SIZE * (Integer.BYTES - 1 - i)));
  }

  private static long sum(byte[] bytes, int length) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, 0, length);
    return crc.getValue();
  }
}
