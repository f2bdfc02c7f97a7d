package dev.fanfare.console.arm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.testing.ManualClock;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/// Which write of a socket was that of an event, and what followed it.
final class SocketNotesTest {

  private final ManualClock clock = new ManualClock();
  private final SocketNotes notes =
      new SocketNotes(clock, clock.nanoTime() + Duration.ofMinutes(10).toNanos());

  private void pass(int ms) {
    clock.advance(Duration.ofMillis(ms));
  }

  @Test
  void anEventIsTheLastWriteBeforeItsWalkEnded() {
    notes.onWritten(10, 0);
    var _ = notes.onFlushed(0);
    pass(5);
    long publishedNs = clock.nanoTime();
    pass(1);
    long writtenNs = clock.nanoTime();
    notes.onWritten(412, 20);
    pass(1);
    long walkedNs = clock.nanoTime();
    pass(1);
    long flushedNs = clock.nanoTime();
    var _ = notes.onFlushed(432);
    pass(38);
    notes.onRead();
    long answeredNs = clock.nanoTime();
    pass(1);
    notes.onRead();
    notes.onWritten(1, 0);
    assertThat(notes.between(publishedNs, walkedNs))
        .isEqualTo(
            new SocketNotes.Passage(
                writtenNs, 412, 20, new SocketNotes.Flush(flushedNs, 432, answeredNs)));
  }

  @Test
  void whatDidNotHappenYetIsNotKnown() {
    long publishedNs = clock.nanoTime();
    assertThat(notes.between(publishedNs, publishedNs)).isNull();
    notes.onWritten(412, 0);
    assertThat(notes.between(publishedNs, clock.nanoTime()))
        .isEqualTo(new SocketNotes.Passage(publishedNs, 412, 0, null));
    var _ = notes.onFlushed(0);
    assertThat(notes.between(publishedNs, clock.nanoTime()))
        .isEqualTo(
            new SocketNotes.Passage(publishedNs, 412, 0, new SocketNotes.Flush(publishedNs, 0, 0)));
  }

  @Test
  void theClientIsAskedOnceInASecondAndOnlyAfterAWrite() {
    assertThat(notes.onFlushed(0)).as("nothing was written").isFalse();
    notes.onWritten(1, 0);
    assertThat(notes.onFlushed(0)).isTrue();
    notes.onWritten(1, 0);
    assertThat(notes.onFlushed(0)).as("that was the ping").isFalse();
    pass(999);
    notes.onWritten(1, 0);
    assertThat(notes.onFlushed(0)).isFalse();
    pass(1);
    notes.onWritten(1, 0);
    assertThat(notes.onFlushed(0)).isTrue();
  }

  @Test
  void theOldestNotesAreForgotten() {
    long publishedNs = clock.nanoTime();
    notes.onWritten(7, 0);
    pass(1);
    for (int i = 0; i < SocketNotes.MAX; i++) {
      notes.onWritten(1, 0);
    }
    assertThat(notes.between(publishedNs, publishedNs)).isNull();
    assertThat(notes.between(publishedNs, clock.nanoTime())).isNotNull();
  }

  @Test
  void itEndsAfterItsTime() {
    pass(599_999);
    assertThat(notes.isOver()).isFalse();
    pass(1);
    assertThat(notes.isOver()).isTrue();
  }
}
