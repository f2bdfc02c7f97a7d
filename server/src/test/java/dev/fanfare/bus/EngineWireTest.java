package dev.fanfare.bus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/// A wire that is closed while it replaces a connection.
final class EngineWireTest {

  private static final int PATIENCE_SECONDS = 60;

  private final CountDownLatch connected = new CountDownLatch(1);
  private final CountDownLatch isClosing = new CountDownLatch(1);
  private final CountDownLatch mayGoOn = new CountDownLatch(1);
  private final AtomicBoolean wasInterrupted = new AtomicBoolean();
  private final CountDownLatch released = new CountDownLatch(1);

  /// Clients of engines that are interrupted while they close a connection leave it half closed.
  @Test
  void theThreadIsNotInterruptedWhileItClosesAConnection() throws InterruptedException {
    SlowWire wire = new SlowWire();
    wire.open(1, new Silent());
    pass(connected);
    wire.reconnect("on purpose");
    pass(isClosing);
    Thread closing = Thread.ofPlatform().daemon().start(wire::close);
    await().until(() -> closing.getState() == Thread.State.TIMED_WAITING);
    mayGoOn.countDown();
    pass(released);
    assertThat(closing.join(java.time.Duration.ofSeconds(PATIENCE_SECONDS))).isTrue();
    assertThat(wasInterrupted).isFalse();
  }

  private static void pass(CountDownLatch latch) {
    try {
      assertThat(latch.await(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// Whose connections take as long to close as the test says.
  private final class SlowWire extends EngineWire {

    SlowWire() {
      super(EngineOptions.NONE);
    }

    @Override
    protected Link connect(String toAll, String toThis, Events events) {
      return new SlowLink();
    }

    @Override
    protected void release() {
      noteInterrupt();
      released.countDown();
    }

    @Override
    protected String channel(String... parts) {
      return String.join(":", parts);
    }

    @Override
    public int maxDatagramBytes() {
      return 1;
    }
  }

  private final class SlowLink implements EngineWire.Link {

    @Override
    public boolean send(String channel, byte[] datagram) {
      return true;
    }

    @Override
    public EngineTraits describe() {
      return new EngineTraits("slow", "", "");
    }

    @Override
    public void close() {
      isClosing.countDown();
      pass(mayGoOn);
      noteInterrupt();
    }
  }

  private void noteInterrupt() {
    if (Thread.currentThread().isInterrupted()) {
      wasInterrupted.set(true);
    }
  }

  private final class Silent implements Wire.Receiver {

    @Override
    public void onDatagram(byte[] datagram) {
      // none is sent
    }

    @Override
    public void onConnected() {
      connected.countDown();
    }

    @Override
    public void onDisconnected(String reason) {
      // the test knows
    }
  }
}
