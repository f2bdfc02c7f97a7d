package dev.fanfare.transport.fallback;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.fanfare.protocol.Parsed;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// Any path and any body is read or refused with a reason.
final class FallbackFuzzTest {

  @FuzzTest
  void anyPathIsReadOrRefused(byte[] bytes) {
    String text = new String(bytes, StandardCharsets.UTF_8);
    for (String path : List.of(text, "/app/" + text, "/pusher/app/k/7/" + text + "/xhr")) {
      switch (FallbackPath.parse(path)) {
        case Parsed.Ok<FallbackPath>(FallbackPath ok) -> {
          assertThat(ok.session()).matches("[0-9]{1,3}/[0-9a-v]{8}");
          assertThat(ok.app()).isNotEmpty();
          assertThat(ok.connection()).endsWith("/" + ok.session());
          assertThat(path).contains(ok.webSocketPath());
        }
        case Parsed.Bad<FallbackPath>(String reason) -> assertThat(reason).isNotBlank();
        case null -> {}
      }
    }
  }

  @FuzzTest
  void anyBodyIsReadOrRefused(byte[] bytes) {
    switch (SendBody.parse(bytes)) {
      case Parsed.Ok<List<byte[]>>(List<byte[]> messages) -> {
        assertThat(messages).hasSizeLessThanOrEqualTo(SendBody.MAX_MESSAGES);
        assertThat(new String(bytes, StandardCharsets.UTF_8).strip()).startsWith("[").endsWith("]");
      }
      case Parsed.Bad<List<byte[]>>(String reason) -> assertThat(reason).isNotBlank();
    }
  }
}
