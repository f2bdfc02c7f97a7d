package dev.fanfare.loadtest.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.loadtest.testing.Deflated;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

final class FrameScannerTest {

  private final RecordingSink found = new RecordingSink();
  private final FrameScanner scanner = new FrameScanner(new FrameLayout(), found);
  private final FrameScanner inflating =
      new FrameScanner(new FrameLayout(), found, new Inflation());

  @Test
  void literalBytesOfATextFrame() {
    scan(hex("81 0d 7b 22 65 76 65 6e 74 22 3a 22 61 22 7d"));
    assertThat(found.lines).containsExactly("text {\"event\":\"a\"}");
  }

  @Test
  void literalBytesOfControlFrames() {
    scan(hex("89 02 68 69  8a 00  88 05 0f a1 6e 6f 21  88 00"));
    assertThat(found.lines).containsExactly("ping hi", "close 4001 no!", "close 1005 ");
  }

  @Test
  void fragmentsAreOneMessage() {
    scan(hex("01 02 61 62  89 00  00 01 63  80 01 64"));
    assertThat(found.lines).containsExactly("ping ", "text abcd");
  }

  @Test
  void aStampInFragmentsCounts() {
    byte[] payload = message(1, 2, 3, 4, 80).getBytes(StandardCharsets.UTF_8);
    scan(join(frame(0x01, head(payload, 30)), frame(0x80, tail(payload, 30))));
    assertThat(found.lines).containsExactly("stamp 1 2 3 4");
  }

  /// RFC 7692, 7.2.3: in one frame, in two, in two blocks, not compressed at all.
  @Test
  void literalBytesOfCompressedFrames() {
    inflating.scan(
        ByteBuffer.wrap(
            hex(
                "c1 07 f2 48 cd c9 c9 07 00  41 03 f2 48 cd  80 04 c9 c9 07 00"
                    + " c1 0d f2 48 05 00 00 00 ff ff ca c9 c9 07 00"
                    + " c1 0b 00 05 00 fa ff 48 65 6c 6c 6f 00  81 01 61")));
    assertThat(found.lines)
        .containsExactly("text Hello", "text Hello", "text Hello", "text Hello", "text a");
  }

  @Test
  void aCompressedStampCounts() {
    byte[] large = Deflated.message(message(1, 2, 3, 4, 20_000));
    byte[] frames = join(frame(0xC1, large), stamped(5, 6, 7), frame(0xC1, large));
    for (int cut = 1; cut < frames.length; cut++) {
      found.lines.clear();
      inflating.scan(ByteBuffer.wrap(head(frames, cut)));
      inflating.scan(ByteBuffer.wrap(tail(frames, cut)));
      assertThat(found.lines).containsExactly("stamp 1 2 3 4", "stamp 5 6 7 9", "stamp 1 2 3 4");
    }
  }

  @Test
  void compressionThatWasNotNegotiatedIsAViolation() {
    scan(hex("c1 07 f2 48 cd c9 c9 07 00"));
    inflating.scan(ByteBuffer.wrap(hex("c1 02 ff ff")));
    assertThat(found.lines)
        .containsExactly(
            "violation a compressed frame without negotiated compression",
            "violation a compressed message that cannot be inflated");
  }

  @Test
  void stampedFramesInOneBuffer() {
    scan(join(stamped(0, 7, 0), stamped(1, 7, 0), stamped(0, 7, 1)));
    assertThat(found.lines).containsExactly("stamp 0 7 0 9", "stamp 1 7 0 9", "stamp 0 7 1 9");
  }

  @Test
  void textOfTheSameLengthIsNotReadAsAStamp() {
    byte[] stamped = stamped(0, 7, 0);
    byte[] plain = stamped.clone();
    plain[new String(plain, StandardCharsets.ISO_8859_1).indexOf('@')] = '#';
    scan(join(stamped, plain, stamped));
    assertThat(found.lines).hasSize(3);
    assertThat(found.lines.get(1)).startsWith("text {\"event\"").contains("#fanfare");
  }

  @Test
  void theMarkerIsSearchedAgainWhenItMoves() {
    byte[] other =
        frame(
            0x81,
            "{\"channel\":\"c\",\"event\":\"e\",\"data\":\"%s\"}"
                .formatted(stamp(3, 1, 5, 6, 60))
                .getBytes(StandardCharsets.UTF_8));
    scan(join(stamped(0, 7, 0), other, stamped(0, 7, 1)));
    assertThat(found.lines).containsExactly("stamp 0 7 0 9", "stamp 3 1 5 6", "stamp 0 7 1 9");
  }

  @Test
  void everySplitIntoTwoGivesTheSame() {
    byte[] stream = mixedStream();
    List<String> whole = scanned(stream, stream.length);
    assertThat(whole).hasSize(9);
    for (int cut = 0; cut <= stream.length; cut++) {
      RecordingSink sink = new RecordingSink();
      FrameScanner split = new FrameScanner(new FrameLayout(), sink);
      split.scan(ByteBuffer.wrap(stream, 0, cut));
      split.scan(ByteBuffer.wrap(stream, cut, stream.length - cut));
      assertThat(sink.lines).as("cut at byte %d", cut).isEqualTo(whole);
    }
  }

  @Test
  void everySizeOfPieceGivesTheSame() {
    byte[] stream = mixedStream();
    List<String> whole = scanned(stream, stream.length);
    for (int piece = 1; piece < 400; piece++) {
      assertThat(scanned(stream, piece)).as("pieces of %d bytes", piece).isEqualTo(whole);
    }
  }

  @Test
  void directBuffersReadLikeArrays() {
    byte[] stream = mixedStream();
    ByteBuffer direct = ByteBuffer.allocateDirect(stream.length + 8).position(5);
    direct.put(stream).flip().position(5);
    scanner.scan(direct);
    assertThat(found.lines).isEqualTo(scanned(stream, stream.length));
  }

  @Test
  void maskedFramesAreAViolationAndEndTheScan() {
    scan(join(hex("81 81 00 00 00 00 61"), hex("81 01 61")));
    assertThat(found.lines).containsExactly("violation a masked frame");
  }

  @Test
  void reservedBitsAreAViolation() {
    scan(hex("a1 01 61"));
    assertThat(found.lines).containsExactly("violation a frame that starts with byte 0xa1");
  }

  @Test
  void absurdLengthsAreAViolationBeforeAnythingIsAllocated() {
    scan(hex("81 7f 7f ff ff ff ff ff ff ff"));
    assertThat(found.lines).containsExactly("violation a frame of 9223372036854775807 bytes");
  }

  /// Small, medium and huge frames, control frames, stamps of two layouts.
  private static byte[] mixedStream() {
    return join(
        stamped(0, 7, 0),
        stamped(0, 7, 1),
        frame(0x89, new byte[] {'p'}),
        frame(0x81, "{}".getBytes(StandardCharsets.UTF_8)),
        stamped(2, 7, 0),
        frame(0x81, message(1, 1, 1, 1, 50).getBytes(StandardCharsets.UTF_8)),
        frame(0x81, message(4, 4, 4, 4, 70_000).getBytes(StandardCharsets.UTF_8)),
        stamped(0, 7, 2),
        frame(0x88, new byte[] {0x03, (byte) 0xe8}));
  }

  private static List<String> scanned(byte[] stream, int piece) {
    RecordingSink sink = new RecordingSink();
    FrameScanner scanner = new FrameScanner(new FrameLayout(), sink);
    for (int at = 0; at < stream.length; at += piece) {
      scanner.scan(ByteBuffer.wrap(stream, at, Math.min(piece, stream.length - at)));
    }
    return new ArrayList<>(sink.lines);
  }

  private void scan(byte[] bytes) {
    scanner.scan(ByteBuffer.wrap(bytes));
  }

  private static byte[] stamped(int publisher, int channel, int sequence) {
    return frame(
        0x81, message(publisher, channel, sequence, 9, 128).getBytes(StandardCharsets.UTF_8));
  }

  private static String message(int publisher, int channel, int sequence, int event, int size) {
    return "{\"event\":\"load\",\"data\":\"%s\",\"channel\":\"load-00007\"}"
        .formatted(stamp(publisher, channel, sequence, event, size));
  }

  private static String stamp(int publisher, int channel, int sequence, int event, int size) {
    byte[] data = "x".repeat(size).getBytes(StandardCharsets.US_ASCII);
    Stamp.write(data, 0, publisher, channel, sequence, event);
    return new String(data, StandardCharsets.US_ASCII);
  }

  private static byte[] frame(int first, byte[] payload) {
    ByteBuffer frame = ByteBuffer.allocate(payload.length + 10).put((byte) first);
    if (payload.length < 126) {
      frame.put((byte) payload.length);
    } else if (payload.length < 65_536) {
      frame.put((byte) 126).putShort((short) payload.length);
    } else {
      frame.put((byte) 127).putLong(payload.length);
    }
    frame.put(payload).flip();
    byte[] bytes = new byte[frame.remaining()];
    frame.get(bytes);
    return bytes;
  }

  private static byte[] join(byte[]... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.writeBytes(part);
    }
    return all.toByteArray();
  }

  private static byte[] head(byte[] bytes, int count) {
    return java.util.Arrays.copyOf(bytes, count);
  }

  private static byte[] tail(byte[] bytes, int from) {
    return java.util.Arrays.copyOfRange(bytes, from, bytes.length);
  }

  private static byte[] hex(String text) {
    return HexFormat.of().parseHex(text.replace(" ", ""));
  }
}
