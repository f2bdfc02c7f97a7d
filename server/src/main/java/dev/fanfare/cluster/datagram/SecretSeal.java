package dev.fanfare.cluster.datagram;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.LinkedHashMap;
import java.util.Map;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.KDF;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.HKDFParameterSpec;
import org.jspecify.annotations.Nullable;

/// AES-128-GCM: the header is authenticated, the rest encrypted; 16 bytes of tag and 12 of nonce
/// follow. Each life has a key and counts its nonces, so none is used twice.
final class SecretSeal implements Seal {

  private static final int TAG_BYTES = 16;
  private static final int NONCE_BYTES = 12;
  private static final int KEY_BYTES = 16;

  /// Lives are chosen by senders, so keys are kept for a bounded number.
  private static final int MAX_KEYS = 256;

  private final byte[] secret;
  private final byte[] cluster;
  private final Cipher cipher;
  private final Map<Long, SecretKey> keys =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, SecretKey> eldest) {
          return size() > MAX_KEYS;
        }
      };
  private long nonces;

  SecretSeal(byte[] secret, String cluster) {
    this.secret = secret.clone();
    this.cluster = cluster.getBytes(UTF_8);
    try {
      this.cipher = Cipher.getInstance("AES/GCM/NoPadding");
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public int kindBit() {
    return DatagramCodec.SEALED;
  }

  @Override
  public int overhead() {
    return TAG_BYTES + NONCE_BYTES;
  }

  private SecretKey key(long life) {
    return keys.computeIfAbsent(life, this::derive);
  }

  private SecretKey derive(long life) {
    byte[] info = ByteBuffer.allocate(Long.BYTES).putLong(life).array();
    try {
      return KDF.getInstance("HKDF-SHA256")
          .deriveKey(
              "AES",
              HKDFParameterSpec.ofExtract()
                  .addIKM(secret)
                  .addSalt(cluster)
                  .thenExpand(info, KEY_BYTES));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public byte[] close(byte[] bytes, int length, long life) {
    byte[] datagram = new byte[length + overhead()];
    byte[] nonce = ByteBuffer.allocate(NONCE_BYTES).putLong(++nonces).array();
    System.arraycopy(bytes, 0, datagram, 0, DatagramCodec.HEADER_BYTES);
    System.arraycopy(nonce, 0, datagram, length + TAG_BYTES, NONCE_BYTES);
    try {
      cipher.init(
          Cipher.ENCRYPT_MODE, key(life), new GCMParameterSpec(TAG_BYTES * Byte.SIZE, nonce));
      cipher.updateAAD(bytes, 0, DatagramCodec.HEADER_BYTES);
      int written =
          cipher.doFinal(
              bytes,
              DatagramCodec.HEADER_BYTES,
              length - DatagramCodec.HEADER_BYTES,
              datagram,
              DatagramCodec.HEADER_BYTES);
      if (written != length - DatagramCodec.HEADER_BYTES + TAG_BYTES) {
        throw new IllegalStateException("sealed " + written + " bytes of " + length);
      }
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
    return datagram;
  }

  @Override
  public byte @Nullable [] open(byte[] datagram, long life) {
    byte[] opened = new byte[datagram.length];
    System.arraycopy(datagram, 0, opened, 0, DatagramCodec.HEADER_BYTES);
    try {
      cipher.init(
          Cipher.DECRYPT_MODE,
          key(life),
          new GCMParameterSpec(
              TAG_BYTES * Byte.SIZE, datagram, datagram.length - NONCE_BYTES, NONCE_BYTES));
      cipher.updateAAD(datagram, 0, DatagramCodec.HEADER_BYTES);
      int sealed = datagram.length - DatagramCodec.HEADER_BYTES - NONCE_BYTES;
      int written =
          cipher.doFinal(
              datagram, DatagramCodec.HEADER_BYTES, sealed, opened, DatagramCodec.HEADER_BYTES);
      return written == sealed - TAG_BYTES ? opened : null;
    } catch (AEADBadTagException _) {
      return null;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
