package dev.fanfare.loadtest.attack.http;

import dev.fanfare.loadtest.attack.Attack;
import dev.fanfare.loadtest.attack.AttackSocket;
import dev.fanfare.loadtest.attack.Siege;
import java.io.IOException;
import java.util.Arrays;

/// Sends 1 MiB less one byte of a request body and waits.
public final class HalfBodies implements Attack {

  private static final int LENGTH = 1 << 20;
  private static final int PIECE = 65_535;

  private final String key;
  private final String signature;

  /// @param key the app's, or empty to use the target's
  /// @param signature 64 hexadecimal digits to look like one
  private HalfBodies(String key, String signature) {
    this.key = key;
    this.signature = signature;
  }

  /// With a key that no app has.
  public static Attack withUnknownKey() {
    return new HalfBodies("unknown-key", "0".repeat(64));
  }

  /// With the app's key and a text that is not a signature.
  public static Attack withoutSignature() {
    return new HalfBodies("", "none");
  }

  /// With the app's key, a current time and the form of a signature: as far as a stranger gets.
  public static Attack withForgedSignature() {
    return new HalfBodies("", "0123456789abcdef".repeat(4));
  }

  @Override
  public void strike(Siege siege, int attacker) throws IOException {
    String head =
        ("POST /apps/%s/events?auth_key=%s&auth_timestamp=%d&auth_version=1.0&body_md5=%s"
                + "&auth_signature=%s HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
                + "Content-Length: %d\r\n\r\n")
            .formatted(
                siege.target().appId(),
                key.isEmpty() ? siege.target().key() : key,
                System.currentTimeMillis() / 1_000,
                "0".repeat(32),
                signature,
                LENGTH);
    byte[] piece = new byte[PIECE];
    Arrays.fill(piece, (byte) ' ');
    try (AttackSocket socket = siege.open()) {
      socket.drainInBackground();
      socket.send(head);
      for (int sent = 0; sent < LENGTH - 1; sent += PIECE) {
        socket.send(sent + PIECE < LENGTH ? piece : Arrays.copyOf(piece, LENGTH - 1 - sent));
      }
      socket.awaitClosed();
    }
  }
}
