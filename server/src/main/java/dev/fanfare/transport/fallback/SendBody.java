package dev.fanfare.transport.fallback;

import dev.fanfare.protocol.Json;
import dev.fanfare.protocol.MalformedJson;
import dev.fanfare.protocol.Parsed;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// The body of a request that sends messages: `["MESSAGE"]`, or `[]` to answer a heartbeat.
final class SendBody {

  /// Messages in one request. Pusher-js sends one.
  static final int MAX_MESSAGES = 64;

  private static final byte[] START = "{\"body\":".getBytes(StandardCharsets.US_ASCII);

  private SendBody() {}

  /// The messages as UTF-8.
  static Parsed<List<byte[]>> parse(byte[] body) {
    List<String> texts = new ArrayList<>(1);
    int[] fields = new int[1];
    try {
      Json.readObject(
          asField(body),
          (_, value) -> {
            fields[0]++;
            texts.addAll(value.strings());
          });
    } catch (MalformedJson e) {
      return new Parsed.Bad<>(String.valueOf(e.getMessage()));
    }
    if (fields[0] != 1) {
      return new Parsed.Bad<>("Unexpected text after the array");
    }
    if (texts.size() > MAX_MESSAGES) {
      return new Parsed.Bad<>(
          "The array has " + texts.size() + " strings, the limit is " + MAX_MESSAGES);
    }
    List<byte[]> messages = new ArrayList<>(texts.size());
    texts.forEach(text -> messages.add(text.getBytes(StandardCharsets.UTF_8)));
    return new Parsed.Ok<>(messages);
  }

  /// The body as the only field of an object, because [Json] reads objects.
  private static byte[] asField(byte[] body) {
    byte[] object = new byte[START.length + body.length + 1];
    System.arraycopy(START, 0, object, 0, START.length);
    System.arraycopy(body, 0, object, START.length, body.length);
    object[object.length - 1] = '}';
    return object;
  }
}
