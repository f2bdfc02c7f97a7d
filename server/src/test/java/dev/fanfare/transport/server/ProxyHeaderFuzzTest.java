package dev.fanfare.transport.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.fanfare.testing.ErrorLog;
import dev.fanfare.transport.ServerOptions;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;

/// The first bytes on a port that expects a PROXY protocol header, cut into segments: whatever they
/// are, every buffer is released, nothing is logged as an error, and at most the socket is closed.
/// The first byte says whether they are arbitrary or mutate a header of version 1 or 2, two bytes
/// per change: the offset and the new value.
final class ProxyHeaderFuzzTest {

  /// With three TLVs: an authority, one of TLS with a nested version, and one of AWS.
  private static final byte[] V2 =
      HexFormat.of()
          .parseHex(
              ("0d0a0d0a000d0a515549540a 2111 002f c0000209 c000020a 1267 0050"
                      + " 02 0005 612e746573 20 000f 01 00000000 21 0007 544c5376312e33"
                      + " ea 0006 0176706365 2d")
                  .replace(" ", ""));

  private static final byte[] V1 =
      "PROXY TCP6 2001:db8::9 2001:db8::a 4711 80\r\n".getBytes(StandardCharsets.US_ASCII);

  private static final byte[] REQUEST =
      "GET /live HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

  @FuzzTest
  void anyFirstBytesCloseAtMostTheirSocket(byte[] input) {
    try (ErrorLog errors = ErrorLog.open()) {
      check(input);
      assertThat(errors.lines()).isEmpty();
    }
  }

  private static void check(byte[] input) {
    EmbeddedSocket socket =
        new EmbeddedSocket(
            ServerOptions.DEFAULTS.withProxyProtocol(ServerOptions.ProxyProtocol.REQUIRED));
    byte[] stream = stream(input);
    int step = input.length < 2 ? Math.max(1, stream.length) : Math.max(1, input[1] & 0xff);
    for (int from = 0; from < stream.length; from += step) {
      socket.receive(stream, from, Math.min(stream.length, from + step));
    }
    socket.receive(REQUEST, 0, REQUEST.length);
    socket.end();
    assertThat(socket.leakedBytes()).as("bytes not released").isZero();
  }

  private static byte[] stream(byte[] input) {
    int kind = input.length == 0 ? 0 : input[0] & 3;
    if (kind < 2) {
      return Arrays.copyOfRange(input, Math.min(1, input.length), input.length);
    }
    byte[] header = kind == 2 ? V1.clone() : V2.clone();
    for (int i = 3; i < input.length; i += 2) {
      header[(input[i - 1] & 0xff) % header.length] = input[i];
    }
    return header;
  }
}
