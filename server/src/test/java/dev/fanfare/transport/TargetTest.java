package dev.fanfare.transport;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.fanfare.http.Request;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Request targets from the decoder, split but otherwise unchanged, and headers.
final class TargetTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          /apps/3/events | '' | /apps/3/events | ''
          /apps/3/events? | '' | /apps/3/events | ''
          /a?b?c=d&e | '' | /a | b?c=d&e
          /a;b=%2F%zz+c?x=%20+;y | '' | /a;b=%2F%zz+c | x=%20+;y
          //a | '' | //a | ''
          * | '' | * | ''
          '' | '' | '' | ''
          http://host:80/a?b | '' | /a | b
          HTTPS://host/a://b | '' | /a://b | ''
          http://host | '' | / | ''
          /a://b | '' | /a://b | ''
          /ws/apps | /ws | /apps | ''
          /apps | /ws | /apps | ''
          /ws | /ws | /ws | ''
          /wsx/apps | /ws | /wsx/apps | ''
          /ws/ws/apps | /ws | /ws/apps | ''
          http://host/ws/apps?x | /ws | /apps | x
          /a?b=/ws/c | /ws | /a | b=/ws/c
          /é?ü=✓ | '' | /é | ü=✓
          """)
  void aTarget(String text, String prefix, String path, String query) {
    String latin1 = new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    assertThat(Target.of(latin1, prefix)).isEqualTo(new Target(path, query));
  }

  private static Request.Headers headers(String... lines) {
    HttpRequest raw = new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.POST, "/");
    raw.headers().set("Host", "a");
    for (String line : lines) {
      raw.headers().add("Idempotency-Key", line);
    }
    return Target.of("/", "").request(raw, new byte[0], () -> "").headers();
  }

  @Test
  void headersAreFoundInAnyCaseAndJoined() {
    assertThat(headers().get("idempotency-key")).isNull();
    assertThat(headers("").get("idempotency-key")).isEmpty();
    assertThat(headers("a").get("idempotency-key")).isEqualTo("a");
    assertThat(headers("a", "b").get("idempotency-key")).isEqualTo("a, b");
  }

  /// Each publish looks for one that few have.
  @Test
  void aHeaderThatIsAbsentCostsNoMemory() {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    Request.Headers headers = headers();
    long best = Long.MAX_VALUE;
    for (int round = 0; round < 5; round++) {
      long before = threads.getCurrentThreadAllocatedBytes();
      for (int i = 0; i < 1_000; i++) {
        if (headers.get("Idempotency-Key") != null) {
          throw new AssertionError();
        }
      }
      best = Math.min(best, (threads.getCurrentThreadAllocatedBytes() - before) / 1_000);
    }
    assertThat(best).isZero();
  }
}
