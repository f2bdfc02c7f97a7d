package dev.fanfare.transport.memory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.budget.Share;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.junit.jupiter.api.Test;

final class BacklogTest {

  private static final int CROWD = 1_000;

  private final Share share = new Share("backlog", "backlog_memory_bytes", 1_000);
  private final Backlog backlog = new Backlog(share, new Relief(), Runnable::run);

  /// What the lane of a backlog is to do later.
  private final Queue<Runnable> tasks = new ArrayDeque<>();

  private final List<String> cuts = new ArrayList<>();

  /// A socket whose peer reads only what [#read] says. Counts how often it is looked at.
  private static final class SlowSocket extends EmbeddedChannel {

    private int readable;
    private int visits;

    @Override
    protected void doWrite(ChannelOutboundBuffer in) {
      while (readable > 0 && in.current() != null) {
        readable--;
        in.remove();
      }
    }

    @Override
    public Unsafe unsafe() {
      visits++;
      return super.unsafe();
    }

    /// The peer reads that many buffers.
    void read(int buffers) {
      readable = buffers;
      flush();
      readable = 0;
    }

    Backlog.Reader reader(Backlog backlog, List<String> cuts, int... buffers) {
      for (int bytes : buffers) {
        var _ = write(Unpooled.wrappedBuffer(new byte[bytes]));
      }
      flush();
      Backlog.Reader reader = backlog.reader(this, cuts::add);
      long pending = Backlog.pending(this);
      backlog.set(reader, pending, pending);
      return reader;
    }
  }

  /// Events that were accepted are kept even above the limit.
  @Test
  void whatIsKeptAboveTheLimitIsNotCountedAsRefused() {
    backlog.hold(600);
    assertThat(backlog.hasRoom()).isTrue();
    backlog.hold(600);
    assertThat(share.used()).isGreaterThanOrEqualTo(1_200);
    assertThat(backlog.hasRoom()).isFalse();
    assertThat(share.refusals()).isZero();
    backlog.close();
    assertThat(share.used()).isZero();
  }

  /// However many peers do not read: each is visited once after it began to wait, and when it has
  /// read.
  @Test
  void socketsThatWaitForLongAreNotVisited() {
    Share large = new Share("backlog", "backlog_memory_bytes", 1 << 30);
    Backlog many = new Backlog(large, new Relief(), tasks::add);
    List<SlowSocket> sockets = new ArrayList<>();
    List<Backlog.Reader> readers = new ArrayList<>();
    for (int i = 0; i < CROWD; i++) {
      SlowSocket socket = new SlowSocket();
      readers.add(socket.reader(many, cuts, 100));
      sockets.add(socket);
    }
    many.onSweep();
    sockets.forEach(socket -> socket.visits = 0);
    for (int second = 0; second < 10; second++) {
      many.onSweep();
    }
    assertThat(sockets).allMatch(socket -> socket.visits == 0);
    long before = large.used();
    assertThat(before).isGreaterThanOrEqualTo(100L * CROWD);

    long bytes = readers.getFirst().bytes();
    sockets.getFirst().read(2); // the bytes and what marks their end
    runTasks();
    assertThat(readers.getFirst().bytes()).isZero();
    many.onSweep();
    assertThat(large.used()).isEqualTo(before - bytes);
    assertThat(sockets.subList(1, CROWD)).allMatch(socket -> socket.visits == 0);
    assertThat(readers.subList(1, CROWD)).allMatch(reader -> reader.bytes() == bytes);

    for (SlowSocket socket : sockets) {
      var _ = socket.close();
    }
    runTasks();
    many.onSweep();
    assertThat(large.used()).isZero();
    assertThat(cuts).isEmpty();
  }

  /// What was written after the mark has a new one.
  @Test
  void aPeerThatReadsHalfIsCountedAgainWhenItHasReadTheRest() {
    Backlog queued = new Backlog(share, new Relief(), tasks::add);
    SlowSocket socket = new SlowSocket();
    Backlog.Reader reader = socket.reader(queued, cuts, 100);
    queued.onSweep();
    var _ = socket.write(Unpooled.wrappedBuffer(new byte[50]));
    socket.flush();
    socket.read(2);
    assertThat(reader.bytes()).isGreaterThanOrEqualTo(100);
    runTasks();
    assertThat(reader.bytes()).isBetween(50L, 199L);
    socket.read(2);
    runTasks();
    assertThat(reader.bytes()).isZero();
    assertThat(tasks).as("nothing is left to count").isEmpty();
    queued.onSweep();
    assertThat(share.used()).isZero();
  }

  /// A socket that begins to wait again is watched again.
  @Test
  void aPeerThatHasReadEverythingIsWatchedAgainLater() {
    Backlog queued = new Backlog(share, new Relief(), tasks::add);
    SlowSocket socket = new SlowSocket();
    Backlog.Reader reader = socket.reader(queued, cuts, 100);
    for (int i = 0; i < 3; i++) {
      socket.read(Integer.MAX_VALUE);
      queued.onSweep();
      assertThat(reader.bytes()).isZero();
      var _ = socket.write(Unpooled.wrappedBuffer(new byte[50]));
      socket.flush();
      queued.set(reader, Backlog.pending(socket), 50);
      assertThat(reader.bytes()).isGreaterThanOrEqualTo(50);
    }
  }

  @Test
  void aReaderThatHasReadMeanwhileIsNotCut() {
    Share tight = new Share("backlog", "backlog_memory_bytes", 10_000);
    Backlog shedding = new Backlog(tight, new Relief(), tasks::add);
    List<String> fastCuts = new ArrayList<>();
    SlowSocket fast = new SlowSocket();
    SlowSocket slow = new SlowSocket();
    Backlog.Reader fastReader = fast.reader(shedding, fastCuts, 6_000, 100);
    Backlog.Reader slowReader = slow.reader(shedding, cuts, 5_000);
    assertThat(tight.isTight()).isTrue();
    fast.read(1); // not all, so nothing shows it
    assertThat(fastReader.bytes()).isGreaterThan(slowReader.bytes());
    runTasks();
    assertThat(tight.isTight()).isFalse();
    assertThat(slow.isOpen()).as("no need to cut any more").isTrue();

    SlowSocket slower = new SlowSocket();
    Backlog.Reader _ = slower.reader(shedding, cuts, 5_500);
    runTasks();
    assertThat(cuts).hasSize(1);
    assertThat(slower.isOpen()).isFalse();
    assertThat(fastCuts).isEmpty();
    assertThat(tight.isTight()).isFalse();
  }

  private void runTasks() {
    Runnable task;
    while ((task = tasks.poll()) != null) {
      task.run();
    }
  }
}
