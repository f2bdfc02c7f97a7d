package dev.fanfare.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.fanfare.protocol.HttpApi.BatchRequest;
import dev.fanfare.protocol.HttpApi.EventRequest;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// Any body is a publish request or is refused with a reason, alone as well as in a batch.
final class HttpApiFuzzTest {

  /// Nesting that leaves room for the two levels of a batch around it.
  private static final int SAFE_DEPTH = Json.MAX_DEPTH - 10;

  @FuzzTest
  void anyBodyIsReadOrRefused(byte[] body) {
    switch (HttpApi.readBatch(body)) {
      case Parsed.Ok<BatchRequest> ok -> ok.value().batch().forEach(HttpApiFuzzTest::isValid);
      case Parsed.Bad<BatchRequest> bad -> assertThat(bad.reason()).isNotBlank();
    }
    switch (HttpApi.readEvent(body)) {
      case Parsed.Ok<EventRequest> ok -> {
        isValid(ok.value());
        if (isPlain(body)) {
          assertThat(HttpApi.readBatch(inBatch(body)))
              .isEqualTo(new Parsed.Ok<>(new BatchRequest(List.of(ok.value()))));
        }
      }
      case Parsed.Bad<EventRequest> bad -> assertThat(bad.reason()).isNotBlank();
    }
  }

  private static void isValid(EventRequest event) {
    assertThat(event.channels()).doesNotHaveDuplicates().doesNotContainNull();
  }

  /// False for bodies that are valid alone but not inside a batch: a byte order mark, maximum
  /// depth.
  private static boolean isPlain(byte[] body) {
    String text = new String(body, StandardCharsets.UTF_8);
    return !text.startsWith("\ufeff")
        && text.chars().filter(c -> c == '[' || c == '{').count() < SAFE_DEPTH;
  }

  private static byte[] inBatch(byte[] body) {
    byte[] before = "{\"batch\":[".getBytes(StandardCharsets.UTF_8);
    byte[] after = "]}".getBytes(StandardCharsets.UTF_8);
    byte[] all = new byte[before.length + body.length + after.length];
    System.arraycopy(before, 0, all, 0, before.length);
    System.arraycopy(body, 0, all, before.length, body.length);
    System.arraycopy(after, 0, all, before.length + body.length, after.length);
    return all;
  }
}
