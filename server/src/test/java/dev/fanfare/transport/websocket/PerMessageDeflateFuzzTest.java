package dev.fanfare.transport.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// Any header is answered with parameters that we honor, or with none.
final class PerMessageDeflateFuzzTest {

  @FuzzTest
  void anyOfferIsAcceptedOrDeclined(byte[] bytes) {
    String header = new String(bytes, StandardCharsets.ISO_8859_1);
    String answer = PerMessageDeflate.accept(List.of(header.split("\n", -1)));
    if (answer != null) {
      assertThat(header).containsIgnoringCase("permessage-deflate");
      assertThat(answer)
          .matches(
              "permessage-deflate; server_no_context_takeover; client_no_context_takeover"
                  + "(; server_max_window_bits=15)?");
    }
  }
}
