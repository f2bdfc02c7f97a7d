package dev.fanfare.cli.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.protocol.JsonDocument;
import dev.fanfare.protocol.MalformedJson;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// What `fanfare trace` prints of publishes in a cluster.
final class TraceTextTest {

  private static final TraceText TEXT = new TraceText(new RowText(TextScreen.NONE, ZoneOffset.UTC));

  private static final String HEAD =
      "{\"t\":0,\"event\":\"e\",\"channel\":\"feed\",\"subscribers\":0,"
          + "\"similar\":{\"name\":\"feeds\",\"subscribers\":2}";

  private static JsonNode json(String text) throws MalformedJson {
    return JsonDocument.readObject(text);
  }

  @Test
  void everyNodeHasALine() throws MalformedJson {
    JsonNode trace =
        json(
            HEAD
                + ",\"nodes\":[{\"node\":\"node-b\",\"answer\":{\"arrived\":true,\"subscribers\":3,"
                + "\"matched\":3,\"reached\":2,\"excluded\":1,\"delivered_us\":1500}},"
                + "{\"node\":\"node-c\",\"answer\":{\"arrived\":false}},"
                + "{\"node\":\"node-d\",\"silent\":true}]}");
    assertThat(TEXT.summary(trace))
        .isEqualTo(
            """
            e on feed at 00:00:00.000
              no subscribers on this node
              on node-b: subscribers 3, matched 3, reached 2, excluded 1, in 1.5 ms
              on node-c: it did not arrive
              on node-d: no answer
            """);
    assertThat(TraceText.hasSubscribers(trace)).isTrue();
  }

  @Test
  void withoutSubscribersOnAnyNodeASimilarNameIsNamed() throws MalformedJson {
    JsonNode trace = json(HEAD + ",\"nodes\":[{\"node\":\"b\",\"answer\":{\"arrived\":false}}]}");
    assertThat(TEXT.summary(trace))
        .isEqualTo(
            """
            e on feed at 00:00:00.000
              no subscribers on this node; 2 in feeds: is the name spelled differently?
              on b: it did not arrive
            """);
    assertThat(TraceText.hasSubscribers(trace)).isFalse();
  }

  @Test
  void theNodeOfTheConnectionIsNamed() throws MalformedJson {
    JsonNode chain =
        json(
            "{\"trace\":{\"t\":0,\"event\":\"e\",\"channel\":\"feed\"},\"to\":\"1.2\","
                + "\"node\":\"node-b\",\"headline\":\"h\",\"steps\":[]}");
    assertThat(TEXT.chain(chain))
        .startsWith("e on feed at 00:00:00.000, to connection 1.2 on node-b\n");
  }
}
