package dev.fanfare.transport.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Compression offers and the server's responses, header by header.
final class PerMessageDeflateTest {

  private static final String YES =
      "permessage-deflate; server_no_context_takeover; client_no_context_takeover";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          permessage-deflate                                                        | yes
          permessage-deflate; client_max_window_bits                                | yes
          permessage-deflate; client_max_window_bits=8                              | yes
          permessage-deflate;client_max_window_bits=15;server_no_context_takeover   | yes
          permessage-deflate; client_no_context_takeover; server_no_context_takeover | yes
          permessage-deflate; client_max_window_bits="12"                           | yes
          permessage-deflate ;  client_max_window_bits  =  12 ,                     | yes
          permessage-deflate; server_max_window_bits=15                             | yes, in full
          permessage-deflate; server_max_window_bits="15"; client_max_window_bits   | yes, in full
          # of several, the first that can be kept
          permessage-deflate; server_max_window_bits=10, permessage-deflate         | yes
          permessage-deflate; x=y, permessage-deflate; server_max_window_bits=15    | yes, in full
          permessage-deflate, permessage-deflate; server_max_window_bits=15         | yes
          x-webkit-deflate-frame, permessage-deflate; client_max_window_bits        | yes
          foo; bar="baz"; qux, , permessage-deflate                                 | yes
          # less than the window that Java's deflater has
          permessage-deflate; server_max_window_bits=14                             | no
          permessage-deflate; server_max_window_bits=8                              | no
          # not in RFC 7692
          permessage-deflate; server_max_window_bits                                | no
          permessage-deflate; server_max_window_bits=16                             | no
          permessage-deflate; server_max_window_bits=015                            | no
          permessage-deflate; client_max_window_bits=7                              | no
          permessage-deflate; client_max_window_bits=16                             | no
          permessage-deflate; client_max_window_bits=08                             | no
          permessage-deflate; client_max_window_bits=+9                             | no
          permessage-deflate; server_no_context_takeover=1                          | no
          permessage-deflate; client_no_context_takeover="true"                     | no
          permessage-deflate; server_no_context_takeover; server_no_context_takeover | no
          permessage-deflate; client_max_window_bits; client_max_window_bits=9      | no
          permessage-deflate; level=9                                               | no
          permessage-deflate; Server_No_Context_Takeover                            | no
          # something else
          ``                                                                        | no
          x-webkit-deflate-frame                                                    | no
          permessage-bzip2, deflate-frame; permessage-deflate                       | no
          permessage-deflated                                                       | no
          # not in RFC 6455
          permessage-deflate;                                                       | no
          permessage-deflate; =1                                                    | no
          permessage-deflate; client_max_window_bits=                               | no
          permessage-deflate; client_max_window_bits=""                             | no
          permessage-deflate; client_max_window_bits="12                            | no
          permessage-deflate; client_max_window_bits="1 2"                          | no
          permessage-deflate; client_max_window_bits 12                             | no
          permessage-deflate client_max_window_bits                                 | no
          permessage-deflate, a b                                                   | no
          permessage-deflate, ;                                                     | no
          "permessage-deflate"                                                      | no
          """)
  void anOfferIsAnswered(String header, String answer) {
    String expected =
        switch (answer) {
          case "yes" -> YES;
          case "yes, in full" -> YES + "; server_max_window_bits=15";
          default -> null;
        };
    assertThat(PerMessageDeflate.accept(List.of(header))).isEqualTo(expected);
  }

  @Test
  void severalLinesAreOneHeader() {
    assertThat(PerMessageDeflate.accept(List.of())).isNull();
    assertThat(PerMessageDeflate.accept(List.of("foo", "permessage-deflate"))).isEqualTo(YES);
    assertThat(
            PerMessageDeflate.accept(
                List.of("permessage-deflate; server_max_window_bits=9", "permessage-deflate")))
        .isEqualTo(YES);
  }

  /// A header of maximum length: no stack overflow, no backtracking.
  @ParameterizedTest
  @ValueSource(strings = {";a", ",", ",a", ";a=\"b\"", " ", "\"", "="})
  void aLongHeaderIsReadToItsEnd(String part) {
    assertThat(PerMessageDeflate.accept(List.of("x" + part.repeat(16_384) + "\0"))).isNull();
  }
}
