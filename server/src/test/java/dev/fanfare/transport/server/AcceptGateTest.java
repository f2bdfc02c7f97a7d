package dev.fanfare.transport.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.transport.FileBudget;
import dev.fanfare.transport.OpenFiles;
import io.netty.channel.Channel;
import io.netty.channel.ChannelConfig;
import io.netty.channel.DefaultChannelConfig;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// When listeners accept, and that they resume whatever happens while they are paused.
final class AcceptGateTest {

  private static final int LIMIT = 256;

  private final FileBudget files = new FileBudget(new Files(), () -> 0, 0);
  private final AcceptGate gate = new AcceptGate(files, () -> {});
  private final Listener listener = new Listener();
  private final List<Channel> sockets = new ArrayList<>();

  private record Files() implements OpenFiles {

    @Override
    public int open() {
      return 36;
    }

    @Override
    public int limit() {
      return LIMIT;
    }
  }

  /// A listener whose switch takes as long as something else needs to come between.
  private static final class Listener extends EmbeddedChannel {

    private @Nullable Runnable between;
    private @Nullable ChannelConfig config;

    @Override
    public ChannelConfig config() {
      if (config == null) {
        config =
            new DefaultChannelConfig(this) {
              @Override
              public ChannelConfig setAutoRead(boolean autoRead) {
                Runnable once = between;
                between = null;
                if (once != null && !autoRead) {
                  once.run();
                }
                return super.setAutoRead(autoRead);
              }
            };
      }
      return config;
    }
  }

  /// Exactly as many as there is room for: another lane may resume the gate at once.
  private void acceptUntilPaused() {
    listener.pipeline().addLast(gate);
    int room = files.room();
    for (int i = 0; i < room; i++) {
      Channel socket = new EmbeddedChannel();
      sockets.add(socket);
      listener.pipeline().fireChannelRead(socket);
    }
  }

  private static void close(Channel socket) {
    var _ = socket.close();
  }

  @Test
  void acceptingPausesWithoutRoomAndResumesWhenSocketsClose() {
    acceptUntilPaused();
    assertThat(files.room()).isZero();
    sockets.subList(0, 7).forEach(AcceptGateTest::close);
    assertThat(listener.config().isAutoRead()).as("not for each socket").isFalse();
    close(sockets.get(7));
    assertThat(listener.config().isAutoRead()).isTrue();
  }

  /// It paused for good: the listener was switched off after the gate had been resumed.
  @Test
  void socketsThatCloseOnAnotherLaneMeanwhileResumeIt() throws InterruptedException {
    List<Thread> lanes = new ArrayList<>();
    listener.between =
        () -> {
          Thread lane = Thread.ofPlatform().start(() -> sockets.forEach(AcceptGateTest::close));
          lanes.add(lane);
          // Until it has resumed the gate or waits for its turn.
          while (lane.isAlive() && lane.getState() != Thread.State.WAITING) {
            Thread.onSpinWait();
          }
        };
    acceptUntilPaused();
    for (Thread lane : lanes) {
      lane.join();
    }
    assertThat(lanes).hasSize(1);
    assertThat(files.room()).isPositive();
    assertThat(listener.config().isAutoRead()).isTrue();
  }
}
