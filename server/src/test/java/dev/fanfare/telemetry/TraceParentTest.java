package dev.fanfare.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The header of a trace's context, by the rules of W3C Trace Context.
final class TraceParentTest {

  private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
  private static final String SPAN = "00f067aa0ba902b7";
  private static final TraceParent PARSED =
      new TraceParent(0x4bf92f3577b34da6L, 0xa3ce929d0e0e4736L, 0x00f067aa0ba902b7L, true);

  @ParameterizedTest
  @ValueSource(
      strings = {
        "00-" + TRACE + "-" + SPAN + "-01",
        "00-" + TRACE + "-" + SPAN + "-ff",
        "01-" + TRACE + "-" + SPAN + "-01",
        "fe-" + TRACE + "-" + SPAN + "-01-what newer versions have"
      })
  void validHeadersAreRead(String header) {
    assertThat(TraceParent.parse(header)).isEqualTo(PARSED);
    assertThat(PARSED.traceId()).isEqualTo(TRACE);
  }

  @Test
  void aCallerThatDoesNotRecordSaysSo() {
    assertThat(TraceParent.parse("00-" + TRACE + "-" + SPAN + "-00"))
        .isEqualTo(new TraceParent(PARSED.high(), PARSED.low(), PARSED.span(), false));
    assertThat(TraceParent.parse("00-" + TRACE + "-" + SPAN + "-fe"))
        .isEqualTo(new TraceParent(PARSED.high(), PARSED.low(), PARSED.span(), false));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "00",
        "00-" + TRACE + "-" + SPAN,
        "00-" + TRACE + "-" + SPAN + "-0",
        "00-" + TRACE + "-" + SPAN + "-01-",
        "00-" + TRACE + "-" + SPAN + "-01-more",
        "01-" + TRACE + "-" + SPAN + "-01more",
        "ff-" + TRACE + "-" + SPAN + "-01",
        "0g-" + TRACE + "-" + SPAN + "-01",
        "00-00000000000000000000000000000000-" + SPAN + "-01",
        "00-" + TRACE + "-0000000000000000-01",
        "00-4BF92F3577B34DA6A3CE929D0E0E4736-" + SPAN + "-01",
        "00-" + TRACE + "-00F067AA0BA902B7-01",
        "00-" + TRACE + "-" + SPAN + "-0A",
        "00_" + TRACE + "-" + SPAN + "-01",
        "00-" + TRACE + "_" + SPAN + "-01",
        "00-" + TRACE + "-" + SPAN + "_01",
        "00-" + TRACE + "-" + SPAN + "-01, 00-" + TRACE + "-" + SPAN + "-01",
        "00-\u0664bf92f3577b34da6a3ce929d0e0e4736-" + SPAN + "-01"
      })
  void othersAreIgnored(String header) {
    assertThat(TraceParent.parse(header)).isNull();
  }
}
