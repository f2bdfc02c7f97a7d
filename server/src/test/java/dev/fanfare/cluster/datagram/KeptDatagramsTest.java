package dev.fanfare.cluster.datagram;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Datagrams as version 2 of the codec wrote them are read for as long as [Datagram#LOWEST_CODEC]
/// is not above it: nodes of different versions work together. The bytes in the folder `codec-2`
/// never change; a new version adds a folder.
final class KeptDatagramsTest {

  private static final byte[] SECRET = HexFormat.of().parseHex("00112233445566778899aabbccddeeff");

  private static String kept(String name) throws IOException {
    try (InputStream file = KeptDatagramsTest.class.getResourceAsStream("codec-2/" + name)) {
      assertThat(file).as(name).isNotNull();
      return new String(file.readAllBytes(), StandardCharsets.UTF_8).strip();
    }
  }

  private static String read(String name, Seal seal) throws IOException {
    byte[] datagram = HexFormat.of().parseHex(kept(name + ".hex").replace("\n", ""));
    return new DatagramCodec("main", 1, seal)
        .read(datagram)
        .toString()
        .replace(", ReceivedItem[", ",\nReceivedItem[");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"beat", "ack", "control", "facts", "events", "webhooks", "console", "compressed"})
  void itIsReadAsItWasMeant(String name) throws IOException {
    assertThat(read(name, Seal.checksum())).isEqualTo(kept(name + ".txt"));
  }

  @Test
  void anEncryptedOneIsReadWithItsSecret() throws IOException {
    assertThat(read("encrypted", Seal.secret(SECRET, "main"))).isEqualTo(kept("encrypted.txt"));
  }

  /// A type that is added later needs a datagram, too.
  @ParameterizedTest
  @EnumSource
  void everyTypeOfItemIsAmongThem(ItemType type) throws IOException {
    String all =
        kept("control.txt")
            + kept("facts.txt")
            + kept("events.txt")
            + kept("webhooks.txt")
            + kept("console.txt");
    assertThat(all).contains("ReceivedItem[type=" + type + ",");
  }
}
