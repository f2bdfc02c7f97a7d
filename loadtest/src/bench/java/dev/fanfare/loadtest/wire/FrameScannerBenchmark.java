package dev.fanfare.loadtest.wire;

import dev.fanfare.protocol.Parsed;
import dev.fanfare.protocol.WebSocketFrame;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/// The cost of one delivery in the scanner: frames with 128 bytes of data, coalesced in one buffer.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class FrameScannerBenchmark {

  private static final int FRAMES = 150;

  private final Sum sum = new Sum();
  private final FrameScanner scanner = new FrameScanner(new FrameLayout(), sum);
  private final ByteBuffer frames = frames();

  @Benchmark
  @OperationsPerInvocation(FRAMES)
  public long frame() {
    scanner.scan(frames);
    return sum.sum;
  }

  /// The same frames, read one by one and parsed, to compare.
  @Benchmark
  @OperationsPerInvocation(FRAMES)
  public long frameByFrame() throws IOException {
    byte[] bytes = new byte[frames.limit()];
    frames.get(0, bytes);
    InputStream in = new ByteArrayInputStream(bytes);
    long chars = 0;
    while (in.available() > 0
        && WebSocketFrame.read(in, 0, bytes.length)
            instanceof Parsed.Ok<WebSocketFrame>(WebSocketFrame frame)) {
      chars += ServerText.parse(frame.text()).data().length();
    }
    return chars;
  }

  private static ByteBuffer frames() {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (int sequence = 0; sequence < FRAMES; sequence++) {
      byte[] data = "x".repeat(128).getBytes(StandardCharsets.US_ASCII);
      Stamp.write(data, 0, 1, 1, sequence, sequence);
      byte[] text =
          "{\"event\":\"load\",\"channel\":\"load-00001\",\"data\":\"%s\"}"
              .formatted(new String(data, StandardCharsets.US_ASCII))
              .getBytes(StandardCharsets.US_ASCII);
      all.write(0x81);
      all.write(126);
      all.write(text.length >> 8);
      all.write(text.length);
      all.writeBytes(text);
    }
    return ByteBuffer.allocateDirect(all.size()).put(all.toByteArray()).flip();
  }

  private static final class Sum implements FrameSink {
    private long sum;

    @Override
    public void onStamp(int publisher, int channel, int sequence, int event) {
      sum += publisher + channel + sequence + event;
    }

    @Override
    public void onText(String text) {
      throw new IllegalStateException(text);
    }

    @Override
    public void onPing(byte[] payload) {}

    @Override
    public void onCloseFrame(int code, String reason) {}

    @Override
    public void onViolation(String why) {
      throw new IllegalStateException(why);
    }
  }
}
