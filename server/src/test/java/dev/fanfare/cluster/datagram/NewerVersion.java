package dev.fanfare.cluster.datagram;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Makes datagrams of this version look as a newer or an older version would send them. Without a
/// secret.
public final class NewerVersion {

  private static final int KIND_AT = 3;
  private static final int LIFE_AT = 8;
  private static final int BEAT = 1;
  private static final int MORE_BYTES = 3;
  private static final byte UNKNOWN_TYPE = 0x7e;

  private final Seal seal = Seal.checksum();

  /// As a version that reads this one sends it: with fields at the end that this one does not know.
  public byte[] compatible(byte[] datagram) {
    byte[] body = opened(datagram, MORE_BYTES);
    Arrays.fill(body, body.length - MORE_BYTES, body.length, (byte) 0xab);
    return close(withCodecs(body, Datagram.HIGHEST_CODEC));
  }

  /// As the version before the first that could read compressed data sends it.
  public byte[] beforeCompression(byte[] datagram) {
    byte[] body = opened(datagram, 0);
    if (body[KIND_AT] == BEAT) {
      body[highestCodecAt(body)] = (byte) (Datagram.COMPRESSION_CODEC - 1);
    }
    return close(body);
  }

  /// True if it is data whose items are compressed.
  public static boolean isCompressed(byte[] datagram) {
    return datagram[KIND_AT] == (DatagramCodec.DATA | DatagramCodec.COMPRESSED);
  }

  /// As a version sends it that no longer reads what this one sends.
  public byte[] incompatible(byte[] datagram) {
    return close(withCodecs(opened(datagram, 0), Datagram.HIGHEST_CODEC + 1));
  }

  /// With an unknown type for the item that contains this text after its app's id `1`, if there is
  /// one.
  ///
  /// @param isRequired a receiver that does not know it must not go on
  public byte[] withUnknownItem(byte[] datagram, ItemType type, String text, boolean isRequired) {
    byte[] body = opened(datagram, 0);
    String chars = new String(body, StandardCharsets.ISO_8859_1);
    int at = chars.indexOf(text);
    if (at < 0) {
      return datagram;
    }
    int typeAt = chars.lastIndexOf((char) (type.code() | DatagramCodec.REQUIRED), at);
    body[typeAt] = (byte) (UNKNOWN_TYPE | (isRequired ? DatagramCodec.REQUIRED : 0));
    return close(body);
  }

  private byte[] opened(byte[] datagram, int more) {
    int length = datagram.length - seal.overhead();
    return Arrays.copyOf(Arrays.copyOf(datagram, length), length + more);
  }

  private byte[] close(byte[] body) {
    long life = ByteBuffer.wrap(body).getLong(LIFE_AT);
    return seal.close(Arrays.copyOf(body, body.length), body.length, life);
  }

  /// In a beat, the versions follow its number and two bytes of flags.
  private static byte[] withCodecs(byte[] body, int lowest) {
    if (body[KIND_AT] == BEAT) {
      int at = highestCodecAt(body);
      body[at - 1] = (byte) lowest;
      body[at] = (byte) (Datagram.HIGHEST_CODEC + 1);
    }
    return body;
  }

  private static int highestCodecAt(byte[] beat) {
    int at = DatagramCodec.HEADER_BYTES;
    while (beat[at] < 0) {
      at++;
    }
    return at + 4;
  }
}
