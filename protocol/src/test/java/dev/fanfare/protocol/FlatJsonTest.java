package dev.fanfare.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// Events are written byte by byte as the library would write them.
final class FlatJsonTest {

  private static final int EVENTS = 20_000;
  private static final String SPECIAL = "\"\\/?\b\t\n\f\r\u0000\u001f\u007fé€\ud83d\ude00\u2028";

  @Test
  void eventsAreWrittenAsTheLibraryWritesThem() {
    Random random = new Random(4);
    for (int i = 0; i < EVENTS; i++) {
      ServerMessage.Event event =
          new ServerMessage.Event(
              text(random),
              text(random),
              text(random),
              random.nextBoolean() ? text(random) : null,
              random.nextBoolean() ? text(random) : null);
      Json.Writer out =
          Json.object()
              .field("event", event.event())
              .field("channel", event.channel())
              .field("data", event.data());
      if (event.userId() != null) {
        out.field("user_id", event.userId());
      }
      if (event.id() != null) {
        out.field("id", event.id());
      }
      assertThat(new String(MessageWriter.write(event), StandardCharsets.UTF_8))
          .isEqualTo(new String(out.utf8(), StandardCharsets.UTF_8));
    }
  }

  private static String text(Random random) {
    StringBuilder text = new StringBuilder();
    int most = 1 << random.nextInt(7);
    for (int i = random.nextInt(most); i > 0; i--) {
      boolean isSpecial = random.nextInt(6) == 0;
      text.append(
          isSpecial
              ? SPECIAL.charAt(random.nextInt(SPECIAL.length()))
              : (char) ('a' + random.nextInt(26)));
    }
    return text.toString();
  }
}
