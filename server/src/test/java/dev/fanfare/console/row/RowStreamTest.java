package dev.fanfare.console.row;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.protocol.Parsed;
import dev.fanfare.protocol.Query;
import dev.fanfare.testing.ManualClock;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/// Rows that arrive while a stream is being opened.
final class RowStreamTest {

  private final ManualClock clock = new ManualClock();
  private final RowFilter filter =
      ((Parsed.Ok<RowFilter>) RowFilter.parse("1", Query.parse(""))).value();
  private final RowStream stream =
      new RowStream(filter, new Moments(clock, clock::instant), () -> {});

  private static RowRing.Entry entry(long id) {
    return new RowRing.Entry(id, new Row.SignedIn(1, "1", "1.2", "7"));
  }

  private static List<Long> ids(RowStream.Batch batch) {
    return batch.rows().stream().map(RowRing.Entry::id).toList();
  }

  @Test
  void aRowThatIsRememberedAndOfferedIsShownOnce() {
    stream.offer(entry(2));
    stream.offer(entry(3));
    List<RowRing.Entry> remembered =
        LongStream.rangeClosed(1, 4).mapToObj(RowStreamTest::entry).toList();
    stream.begin(remembered, new StreamStart(StreamStart.NOW, 200));
    stream.offer(entry(4));
    stream.offer(entry(5));
    assertThat(ids(stream.take())).containsExactly(1L, 2L, 3L, 4L);
    assertThat(ids(stream.take())).containsExactly(5L);
  }
}
