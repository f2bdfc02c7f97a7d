package dev.fanfare.http.once;

import dev.fanfare.protocol.HttpApi.EventRequest;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Identifies what a request publishes: 128 bits of a SHA-256, so that no client can make two
/// requests with the same one.
///
/// @param high the first 64 bits
/// @param low the second 64 bits
public record Fingerprint(long high, long low) {

  /// That of the events of a request, in this order; their keys do not count.
  public static Fingerprint of(List<EventRequest> events) {
    return of(sha256(), events);
  }

  /// That of one event of a batch. It is the same for the only event of a request, unless their
  /// answers differ in form.
  public static Fingerprint ofBatched(EventRequest event) {
    MessageDigest digest = sha256();
    if (event.info() != null) {
      add(digest, "batch");
    }
    return of(digest, List.of(event));
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every JDK has it
    }
  }

  private static Fingerprint of(MessageDigest digest, List<EventRequest> events) {
    for (EventRequest event : events) {
      add(digest, event.name());
      add(digest, event.data());
      add(digest, event.socketId());
      add(digest, event.info());
      add(digest, event.channels().size());
      event.channels().forEach(channel -> add(digest, channel));
      add(digest, event.keepSeconds());
    }
    ByteBuffer result = ByteBuffer.wrap(digest.digest());
    return new Fingerprint(result.getLong(), result.getLong());
  }

  private static void add(MessageDigest digest, @Nullable String text) {
    if (text == null) {
      add(digest, -1);
    } else {
      byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
      add(digest, utf8.length);
      digest.update(utf8);
    }
  }

  private static void add(MessageDigest digest, int number) {
    digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(number).flip());
  }
}
