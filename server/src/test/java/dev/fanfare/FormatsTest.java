package dev.fanfare;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.cluster.datagram.Datagram;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The numbers of formats in `docs/versions.md` are those of the code.
final class FormatsTest {

  private static final Path SOURCES = Path.of("src/main/java/dev/fanfare");
  private static final Path PAGE = Path.of("../docs/versions.md");

  private static String row(String format) throws IOException {
    return Files.readAllLines(PAGE).stream()
        .filter(line -> line.startsWith("| " + format + " | "))
        .reduce((_, _) -> {
          throw new AssertionError("two rows: " + format);
        })
        .orElseThrow(() -> new AssertionError("no row: " + format));
  }

  private static String number(String source, String constant) throws IOException {
    Matcher matcher =
        Pattern.compile("\\b" + constant + " = (?:0x[0-9a-f_]+?(?=0\\dL;)0)?(\\d)L?;")
            .matcher(Files.readString(SOURCES.resolve(source)));
    assertThat(matcher.find()).as(source + " " + constant).isTrue();
    return matcher.group(1);
  }

  @ParameterizedTest
  @CsvSource({
    "Datagrams between nodes, cluster/datagram/DatagramCodec.java, VERSION",
    "Undelivered webhooks, webhook/disk/OutboxFile.java, FORMAT",
    "Undelivered webhooks, webhook/disk/CheckedType.java, CHECKED",
    "Segments of history, history/segment/SegmentFile.java, MAGIC",
    "Indexes of segments, history/segment/SealedIndex.java, MAGIC",
    "History over a restart, history/segment/RestartFile.java, MAGIC",
    "Kept events in Redis and JetStream, history/shared/EventCodec.java, VERSION",
    "Members with history in Redis and JetStream, history/shared/Attendance.java, VERSION"
  })
  void thePageHasTheNumberOfEachFormat(String format, String source, String constant)
      throws IOException {
    assertThat(row(format)).startsWith("| " + format + " | " + number(source, constant) + " | ");
  }

  @Test
  void thePageHasTheMessagesThatNodesUnderstand() throws IOException {
    assertThat(row("Messages in datagrams"))
        .startsWith(
            "| Messages in datagrams | %d, reads %d and %d | "
                .formatted(Datagram.HIGHEST_CODEC, Datagram.LOWEST_CODEC, Datagram.HIGHEST_CODEC));
  }
}
