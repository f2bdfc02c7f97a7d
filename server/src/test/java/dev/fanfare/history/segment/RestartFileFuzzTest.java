package dev.fanfare.history.segment;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.fanfare.history.EventId;
import dev.fanfare.history.Inherited;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;

/// Any bytes are what a process left for the next one, or are refused as a whole.
final class RestartFileFuzzTest {

  private static final Moment NOW = new Moment(1_764_270_000_000L, 0);

  private static final class Counter implements RestartFile.Visitor {
    private int visits;

    @Override
    public void ids(EventId reserved) {
      visits++;
    }

    @Override
    public void position(Inherited.Position position) {
      assertThat(position.place().sockets()).isNotEmpty();
      visits++;
    }

    @Override
    public void channel(Inherited.Channel channel) {
      visits++;
    }
  }

  private static void read(byte[] bytes) throws IOException {
    Counter counter = new Counter();
    try {
      RestartFile.read(() -> new ByteArrayInputStream(bytes), NOW, counter);
      assertThat(counter.visits).isPositive();
    } catch (DamagedRestartFile e) {
      assertThat(counter.visits).isZero();
    }
  }

  /// @param input a file, or the body of a record in one
  @FuzzTest
  void anyFileIsReadOrRefused(byte[] input) throws IOException {
    read(input);
    read(around(input));
  }

  /// A file whose second record has this body.
  private static byte[] around(byte[] body) {
    RecordBuffer out = new RecordBuffer();
    out.putLong(0x46414e_4652535401L);
    RestartCodec.encode(new RestartCodec.Item.Ids(EventId.NONE), NOW, out);
    int start = RecordCodec.begin(out);
    out.put(body);
    RecordCodec.end(start, out);
    RestartCodec.encode(new RestartCodec.Item.End(2), NOW, out);
    ByteBuffer written = out.written(0);
    byte[] bytes = new byte[written.remaining()];
    written.get(bytes);
    return bytes;
  }
}
