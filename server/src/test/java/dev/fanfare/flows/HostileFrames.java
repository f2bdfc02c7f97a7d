package dev.fanfare.flows;

import static dev.fanfare.testing.RawSocket.frame;

import dev.fanfare.testing.RawSocket;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;

/// Hostile input on an established connection: a literal list of every kind, and a seeded mixture
/// of wrong types, wrong bytes and wrong frames.
final class HostileFrames {

  private static final int TEXT = 0x81;

  private static final String[] EVENTS = {
    "pusher:ping",
    "pusher:pong",
    "pusher:subscribe",
    "pusher:unsubscribe",
    "pusher:signin",
    "client-x",
    "pusher:error",
    "pusher_internal:member_added",
    "",
    "x".repeat(300)
  };

  private static final String[] VALUES = {
    "null",
    "true",
    "0",
    "-1.5e300",
    "\"\"",
    "\"attacked\"",
    "\"private-attacked\"",
    "\"#\"",
    "\"\\ud800\"",
    "\"\\u0000\"",
    "[]",
    "[[[[]]]]",
    "{}",
    "{\"channel\":null}",
    "{\"channel\":[\"attacked\"]}",
    "{\"channel\":\"attacked\"}",
    "{\"channel\":\"cache-attacked\"}",
    "{\"channel\":\"presence-attacked\",\"auth\":\":\"}",
    "{\"channel\":\"private-attacked\",\"auth\":\"278d425bdf160c739803:00\"}",
    "{\"auth\":\"278d425bdf160c739803:00\",\"user_data\":\"{}\"}",
    "\"{\\\"channel\\\":\\\"attacked-too\\\"}\"",
    "{\"channel\":\"attacked",
    "9".repeat(2_000)
  };

  private HostileFrames() {}

  /// Each kind once. The last ones are large.
  static List<byte[]> literal() {
    List<byte[]> list = new ArrayList<>();
    for (String text :
        new String[] {
          "{\"event\":\"pusher:subscribe\"}",
          "{\"event\":\"pusher:unsubscribe\"}",
          "{\"event\":\"pusher:unsubscribe\",\"data\":{\"channel\":\"attacked\"}}",
          "{\"event\":\"pusher:signin\",\"data\":null}",
          "{\"event\":null,\"data\":null,\"channel\":null}",
          "null",
          "[]",
          "",
          "[".repeat(20_000) + "]".repeat(20_000),
          "{\"event\":\"client-x\",\"channel\":\"a\",\"data\":" + "{\"a\":".repeat(20_000),
          "{\"event\":\"pusher:ping\",\"" + "k".repeat(100_000) + "\":1}",
        }) {
      list.add(frame(TEXT, true, text.getBytes(StandardCharsets.UTF_8)));
    }
    list.add(frame(TEXT, true, HexFormat.of().parseHex("7bff")));
    list.add(frame(TEXT, false, new byte[] {'{', '}'}));
    list.add(frame(0x82, true, new byte[10]));
    list.add(frame(0x80, true, new byte[10]));
    list.add(frame(0x89, true, new byte[126]));
    list.add(frame(0x09, true, new byte[1]));
    list.add(frame(0x88, true, new byte[1]));
    list.add(frame(0x88, true, new byte[] {(byte) 0xff, (byte) 0xff}));
    for (int first : new int[] {0xc1, 0xa1, 0x91, 0x83, 0x87, 0x8b, 0x8f}) {
      list.add(frame(first, true, new byte[4]));
    }
    list.add(HexFormat.of().parseHex("81ffffffffffffffffff00000000"));
    list.add(endlessContinuation());
    list.add(frame(TEXT, true, new byte[20 << 20]));
    list.add(fragmentsOf(20 << 20));
    return list;
  }

  /// One or several frames, or parts of them, from a seeded source.
  static byte[] random(Random random) {
    return switch (random.nextInt(10)) {
      case 0 -> frame(random.nextInt(256), random.nextInt(8) > 0, bytes(random, 200));
      case 1 -> mutated(random, json(random));
      case 2 -> fragmented(random, json(random));
      case 3 -> bytes(random, 300);
      case 4 -> Arrays.copyOf(json(random), 1 + random.nextInt(10));
      default -> json(random);
    };
  }

  private static byte[] json(Random random) {
    StringBuilder text = new StringBuilder("{\"event\":");
    text.append(
        random.nextInt(10) == 0
            ? VALUES[random.nextInt(VALUES.length)]
            : "\"" + EVENTS[random.nextInt(EVENTS.length)] + "\"");
    for (String field : new String[] {"channel", "data", "user_id", "data"}) {
      if (random.nextBoolean()) {
        String value = VALUES[random.nextInt(VALUES.length)];
        text.append(",\"").append(field).append("\":").append(value);
      }
    }
    return frame(TEXT, true, text.append('}').toString().getBytes(StandardCharsets.UTF_8));
  }

  private static byte[] mutated(Random random, byte[] frame) {
    for (int i = random.nextInt(4); i >= 0; i--) {
      frame[random.nextInt(frame.length)] = (byte) random.nextInt();
    }
    return frame;
  }

  private static byte[] fragmented(Random random, byte[] frame) {
    int cut = random.nextInt(frame.length);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(frame(RawSocket.TEXT, true, Arrays.copyOf(frame, cut)));
    out.writeBytes(frame(0x89, true, bytes(random, 125)));
    int last = random.nextInt(3) == 0 ? 0 : 0x80;
    out.writeBytes(frame(last, true, Arrays.copyOfRange(frame, cut, frame.length)));
    return out.toByteArray();
  }

  private static byte[] endlessContinuation() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(frame(RawSocket.TEXT, true, new byte[] {'{'}));
    for (int i = 0; i < 10_000; i++) {
      out.writeBytes(frame(RawSocket.CONTINUATION, true, new byte[0]));
    }
    return out.toByteArray();
  }

  private static byte[] fragmentsOf(int bytes) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(frame(RawSocket.TEXT, true, new byte[65_000]));
    for (int sent = 65_000; sent < bytes; sent += 65_000) {
      out.writeBytes(frame(RawSocket.CONTINUATION, true, new byte[65_000]));
    }
    return out.toByteArray();
  }

  private static byte[] bytes(Random random, int most) {
    byte[] bytes = new byte[random.nextInt(most)];
    random.nextBytes(bytes);
    return bytes;
  }
}
