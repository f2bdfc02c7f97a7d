package dev.fanfare.history;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.protocol.Parsed;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Event ids and requests to rewind, as clients and servers write them.
final class HistoryParsersTest {

  private static final String ALPHABET = "0123456789-+:.eEsmhd {}[]\"\\,é\u0000rewind";

  @ParameterizedTest
  @ValueSource(strings = {"0-0", "1764270000123-0", "1764270000123-42", "999999999999999999-1"})
  void anIdIsReadAsItIsWritten(String text) {
    assertThat(EventId.parse(text))
        .isInstanceOfSatisfying(Parsed.Ok.class, ok -> assertThat(ok.value()).hasToString(text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "-",
        "1",
        "1-",
        "-1",
        "1--1",
        "+1-1",
        "1-1-1",
        " 1-1",
        "9999999999999999999-1"
      })
  void anythingElseIsNoId(String text) {
    assertThat(EventId.parse(text)).isInstanceOf(Parsed.Bad.class);
  }

  @Test
  void idsAscendWhateverTheClockDoes() {
    EventId id = EventId.NONE;
    for (long now : new long[] {5, 5, 4, 6, 1, 6, 7}) {
      EventId next = id.next(now);
      assertThat(next).isGreaterThan(id);
      id = next;
    }
    assertThat(id).isEqualTo(new EventId(7, 0));
    assertThat(new EventId(7, 10)).isGreaterThan(new EventId(7, 9));
  }

  @ParameterizedTest
  @CsvSource({"20,20,0", "0,0,0", "30s,2147483647,30", "5m,2147483647,300", "2h,2147483647,7200"})
  void aRewindIsANumberOrATime(String text, int events, int seconds) {
    assertThat(Rewind.read("{\"device\":\"a\",\"rewind\":\"" + text + "\"}"))
        .isEqualTo(new Rewind(events, seconds));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"rewind\":20}", "{\"rewind\":\"\"}", "{\"rewind\":\"m\"}", "{\"rewind\":\"-1\"}",
        "{\"rewind\":\"5d\"}", "{\"rewind\":\"5mm\"}", "{\"rewind\":\"99999999\"}", "{}",
        "no JSON with \"rewind\"", "{\"rewind\":{\"rewind\":\"5\"}}"
      })
  void anythingElseAsksForNothing(String channelData) {
    assertThat(Rewind.read(channelData)).isNull();
  }

  @Test
  void randomTextNeverFails() {
    Random random = new Random(7);
    for (int i = 0; i < 20_000; i++) {
      StringBuilder text = new StringBuilder();
      for (int j = random.nextInt(24); j > 0; j--) {
        text.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
      }
      if (EventId.parse(text.toString()) instanceof Parsed.Ok<EventId>(EventId id)) {
        assertThat(EventId.parse(id.toString())).isEqualTo(new Parsed.Ok<>(id));
      }
      Rewind rewind = Rewind.read("{\"rewind\":\"" + text + "\"}");
      if (rewind != null) {
        assertThat(rewind.events()).isNotNegative();
        assertThat(rewind.seconds()).isNotNegative();
      }
      Rewind anywhere = Rewind.read(text + "\"rewind\":" + text);
      assertThat(anywhere == null || anywhere.events() >= 0).isTrue();
    }
  }
}
