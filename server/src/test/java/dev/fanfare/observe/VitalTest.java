package dev.fanfare.observe;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import ch.qos.logback.core.encoder.EncoderBase;
import dev.fanfare.log.LogConsole;
import dev.fanfare.observe.Readiness.Cause;
import dev.fanfare.protocol.Parsed;
import dev.fanfare.testing.ManualClock;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// The pulse of one thread. `VitalThreadsTest` has those of a real server.
final class VitalTest {

  private final ManualClock clock = new ManualClock();
  private final Vital vital = new Vital("fanfare-test", clock);

  @Test
  void aThreadThatWorksForTooLongIsStuck() {
    Readiness readiness = new Readiness();
    readiness.vitals().add(vital);
    clock.advance(Duration.ofHours(1));
    assertThat(readiness.reasons()).as("waits for work").isEmpty();
    vital.busy();
    clock.advance(Duration.ofNanos(Vital.LIMIT_NS - 1));
    assertThat(readiness.reasons()).isEmpty();
    assertThat(readiness.isAgainst(Cause.THREADS)).isFalse();
    clock.advance(Duration.ofSeconds(5));
    assertThat(readiness.reasons())
        .containsExactly("The thread fanfare-test has been stuck for 34 s");
    assertThat(readiness.isAgainst(Cause.THREADS)).isTrue();
    assertThat(readiness.check()).as("clients are still accepted").isEqualTo(Parsed.PASSED);
    vital.busy();
    assertThat(readiness.reasons()).as("the next piece of work").isEmpty();
    clock.advance(Duration.ofHours(1));
    vital.idle();
    assertThat(readiness.reasons()).isEmpty();
  }

  @Test
  void aLoopIsRestartedUntilItReturns() {
    List<Throwable> left =
        new ArrayList<>(List.of(new LinkageError("one"), new IllegalStateException("two")));
    List<String> begun = new ArrayList<>();
    vital.keepAlive(() -> {
      begun.add("begun");
      vital.busy();
      if (!left.isEmpty()) {
        throwUnchecked(left.removeFirst());
      }
    });
    assertThat(begun).hasSize(3);
    clock.advance(Duration.ofHours(1));
    assertThat(vital.check()).as("ended").isEqualTo(Parsed.PASSED);
  }

  @Test
  void aPieceOfWorkThatFailsEndsNothing() {
    vital.run(() -> {
      throw new LinkageError("on purpose");
    });
    clock.advance(Duration.ofHours(1));
    assertThat(vital.check()).isEqualTo(Parsed.PASSED);
  }

  private static void throwUnchecked(Throwable thrown) {
    if (thrown instanceof Error error) {
      throw error;
    }
    throw (RuntimeException) thrown;
  }

  /// Logback's own thread calls the appender, and would die of an `Error`.
  @Test
  void theLogGoesOnAfterALineThatCannotBeWritten() {
    LoggerContext context = new LoggerContext();
    context.setMDCAdapter(new LogbackMDCAdapter());
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    LogConsole console = new LogConsole();
    console.setContext(context);
    console.setEncoder(new FailingEncoder());
    console.start();
    console.setOutputStream(out);
    console.doAppend(event(context, "fatal"));
    console.doAppend(event(context, "next"));
    assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("next");
    assertThat(LogConsole.vital().check()).isEqualTo(Parsed.PASSED);
  }

  private static LoggingEvent event(LoggerContext context, String message) {
    return new LoggingEvent("", context.getLogger("test"), Level.INFO, message, null, null);
  }

  private static final class FailingEncoder extends EncoderBase<ILoggingEvent> {

    @Override
    public byte[] headerBytes() {
      return new byte[0];
    }

    @Override
    public byte[] encode(ILoggingEvent event) {
      if (event.getMessage().equals("fatal")) {
        throw new LinkageError("on purpose");
      }
      return event.getMessage().getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public byte[] footerBytes() {
      return new byte[0];
    }
  }
}
