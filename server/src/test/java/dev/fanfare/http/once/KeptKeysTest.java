package dev.fanfare.http.once;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.testing.Formats;
import java.io.IOException;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/// Idempotency keys in an engine as released versions wrote them are read, and this version writes
/// the same bytes.
final class KeptKeysTest {

  private static final Fingerprint CONTENT = new Fingerprint(0x0123456789abcdefL, -2);
  private static final byte[] ANSWER = "{\"channels\":{}}".getBytes(UTF_8);

  @Test
  void thisVersionWritesTheSame() throws IOException {
    Formats.assertUnchanged("engine/key-running.hex", StoredKey.running(CONTENT, "77-1"));
    Formats.assertUnchanged("engine/key-done.hex", StoredKey.done(CONTENT, ANSWER));
  }

  @Test
  void allVersionsAreRead() throws IOException {
    for (String version : Formats.versions("engine/key-done.hex")) {
      StoredKey running = StoredKey.decode(Formats.bytes(version, "engine/key-running.hex"));
      StoredKey done =
          Objects.requireNonNull(StoredKey.decode(Formats.bytes(version, "engine/key-done.hex")));
      assertThat(running).isEqualTo(new StoredKey(CONTENT, null));
      assertThat(done.content()).isEqualTo(CONTENT);
      assertThat(done.answer()).isEqualTo(ANSWER);
    }
  }

  @Test
  void thatOfANewerVersionIsNone() {
    byte[] newer = StoredKey.done(CONTENT, ANSWER);
    newer[0] = 'E';
    assertThat(StoredKey.decode(newer)).isNull();
  }
}
