package dev.fanfare.transport.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.RecvByteBufAllocator.ExtendedHandle;
import io.netty.channel.embedded.EmbeddedChannel;
import org.junit.jupiter.api.Test;

/// How many sockets a listener accepts before its loop does something else.
final class ListenersTest {

  private final EmbeddedChannel listener = new EmbeddedChannel();

  private int accepted() {
    ExtendedHandle handle = (ExtendedHandle) Listeners.accepts().newHandle();
    handle.reset(listener.config());
    int accepted = 0;
    do {
      handle.incMessagesRead(1);
      accepted++;
      if (accepted == 5) {
        onFifth.run();
      }
      // Level-triggered epoll never knows whether there are more.
    } while (handle.continueReading(() -> false));
    return accepted;
  }

  private Runnable onFifth = () -> {};

  @Test
  void manyAreAcceptedInOneTurn() {
    assertThat(accepted()).isEqualTo(Listeners.ACCEPTS_PER_TURN);
  }

  @Test
  void aPauseTakesEffectAtOnce() {
    onFifth = () -> listener.config().setAutoRead(false);
    assertThat(accepted()).isEqualTo(5);
  }
}
