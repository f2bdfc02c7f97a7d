package dev.fanfare.transport.tls;

import io.netty.handler.ssl.OpenSslSessionTicketKey;
import java.security.SecureRandom;
import java.util.concurrent.TimeUnit;

/// The random keys that BoringSSL encrypts tickets with. One is for new tickets; the one before it
/// still opens those that clients got with it, and they get a new one then. Any thread, but one at
/// a time.
final class TicketKeys {

  /// How long a key is for new tickets. So a ticket is valid for one to two hours, and a key that
  /// is stolen from memory opens nothing older than that.
  static final int PERIOD_SECONDS = 3_600;

  private static final long PERIOD_NS = TimeUnit.SECONDS.toNanos(PERIOD_SECONDS);
  private static final SecureRandom RANDOM = new SecureRandom();

  private OpenSslSessionTicketKey[] keys = {fresh()};
  private long replacedAtNs;

  /// @param nowNs of a monotonic clock
  TicketKeys(long nowNs) {
    this.replacedAtNs = nowNs;
  }

  /// The keys, the one for new tickets first.
  OpenSslSessionTicketKey[] keys() {
    return keys.clone();
  }

  /// Replaces keys whose time is over.
  ///
  /// @return false if none was replaced
  boolean rotate(long nowNs) {
    long ageNs = nowNs - replacedAtNs;
    if (ageNs < PERIOD_NS) {
      return false;
    }
    replacedAtNs = nowNs;
    keys =
        ageNs < 2 * PERIOD_NS
            ? new OpenSslSessionTicketKey[] {fresh(), keys[0]}
            : new OpenSslSessionTicketKey[] {fresh()};
    return true;
  }

  private static OpenSslSessionTicketKey fresh() {
    return new OpenSslSessionTicketKey(
        random(OpenSslSessionTicketKey.NAME_SIZE),
        random(OpenSslSessionTicketKey.HMAC_KEY_SIZE),
        random(OpenSslSessionTicketKey.AES_KEY_SIZE));
  }

  private static byte[] random(int size) {
    byte[] bytes = new byte[size];
    RANDOM.nextBytes(bytes);
    return bytes;
  }
}
