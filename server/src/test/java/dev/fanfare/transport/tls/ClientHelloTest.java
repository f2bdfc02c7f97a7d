package dev.fanfare.transport.tls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.transport.tls.ClientHello.Purpose;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Random;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import org.junit.jupiter.api.Test;

/// What hellos are for, with those of the JDK, whole and in parts.
final class ClientHelloTest {

  private static byte[] hello(String... protocols) throws SSLException, NoSuchAlgorithmException {
    SSLEngine engine = SSLContext.getDefault().createSSLEngine("realtime.example.com", 443);
    engine.setUseClientMode(true);
    SSLParameters parameters = engine.getSSLParameters();
    parameters.setApplicationProtocols(protocols);
    engine.setSSLParameters(parameters);
    ByteBuffer out = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
    engine.wrap(ByteBuffer.allocate(0), out);
    return Arrays.copyOf(out.array(), out.position());
  }

  private static Purpose purpose(byte[] bytes, int length) {
    ByteBuf in = Unpooled.wrappedBuffer(bytes, 0, length);
    Purpose purpose = ClientHello.purpose(in);
    assertThat(in.readableBytes()).as("none is read").isEqualTo(length);
    return purpose;
  }

  private static Purpose purpose(byte[] bytes) {
    return purpose(bytes, bytes.length);
  }

  @Test
  void aChallengeOffersItsProtocolAlone() throws Exception {
    assertThat(purpose(hello("acme-tls/1"))).isEqualTo(Purpose.CHALLENGE);
    assertThat(purpose(hello("acme-tls/1", "http/1.1"))).isEqualTo(Purpose.OTHER);
    assertThat(purpose(hello("http/1.1"))).isEqualTo(Purpose.OTHER);
    assertThat(purpose(hello())).isEqualTo(Purpose.OTHER);
  }

  @Test
  void itIsRecognizedHoweverItArrives() throws Exception {
    byte[] hello = hello("acme-tls/1");
    boolean isKnown = false;
    for (int length = 1; length <= hello.length; length++) {
      Purpose purpose = purpose(hello, length);
      assertThat(purpose).isIn(isKnown ? Purpose.CHALLENGE : Purpose.UNKNOWN, Purpose.CHALLENGE);
      isKnown = purpose == Purpose.CHALLENGE;
    }
    assertThat(isKnown).isTrue();
  }

  @Test
  void aMessageMayBeInSeveralRecords() throws Exception {
    byte[] hello = hello("acme-tls/1");
    int first = 20;
    int rest = hello.length - 5 - first;
    ByteBuf both = Unpooled.buffer();
    both.writeBytes(hello, 0, 3).writeShort(first).writeBytes(hello, 5, first);
    both.writeBytes(hello, 0, 3).writeShort(rest).writeBytes(hello, 5 + first, rest);
    assertThat(ClientHello.purpose(both)).isEqualTo(Purpose.CHALLENGE);
  }

  @Test
  void aHelloThatDoesNotEndIsAnOrdinaryOne() {
    byte[] bytes = new byte[ClientHello.MAX_BYTES];
    bytes[0] = 22;
    bytes[3] = 0x3f;
    bytes[4] = (byte) 0xff;
    bytes[5] = 1;
    Arrays.fill(bytes, 6, 9, (byte) 0x20);
    Arrays.fill(bytes, 9, bytes.length, (byte) 0xff);
    assertThat(purpose(bytes, bytes.length - 1)).isEqualTo(Purpose.UNKNOWN);
    assertThat(purpose(bytes)).isEqualTo(Purpose.OTHER);
  }

  @Test
  void damagedHellosHaveAPurposeToo() throws Exception {
    byte[] hello = hello("acme-tls/1");
    Random random = new Random(1);
    for (int i = 0; i < 20_000; i++) {
      byte[] damaged = hello.clone();
      for (int j = 0; j < 4; j++) {
        damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
      }
      assertThat(purpose(damaged)).isNotNull();
    }
  }
}
