package dev.fanfare.webhook;

import dev.fanfare.app.Apps;
import dev.fanfare.bus.Bus;
import dev.fanfare.bus.BusMessage;
import dev.fanfare.channel.Change;
import dev.fanfare.channel.ChangeListener;
import dev.fanfare.channel.Channels;
import dev.fanfare.observe.NanoClock;
import dev.fanfare.protocol.WebhookEvent;
import dev.fanfare.webhook.outbox.Fact;
import dev.fanfare.webhook.outbox.FairBytes;
import dev.fanfare.webhook.outbox.Outboxes;
import dev.fanfare.webhook.outbox.Presence;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.function.Consumer;

/// What [Intake] does with its real [Screen], when the test wants it: events are passed on instead
/// of sent.
public final class ThreadlessWebhooks implements ChangeListener {

  private static final long BYTES = 1L << 40;

  private final NanoClock clock;
  private final Coordinator coordinator;
  private final Pulses pulses;
  private final PulseIntake pulseIntake;
  private final Screen screen;
  private final Consumer<WebhookEvent> reported;
  private final Queue<Fact> queue = new ArrayDeque<>();
  private boolean isClosed;

  /// @param delayNs how long removals are held back
  public ThreadlessWebhooks(
      Apps apps, Bus bus, NanoClock clock, long delayNs, Consumer<WebhookEvent> reported) {
    this.clock = clock;
    this.reported = reported;
    this.coordinator =
        new Coordinator(
            apps, bus, Outboxes.inMemory(1), new Webhooks.Clocks(clock, () -> Instant.EPOCH));
    this.pulses =
        new Pulses(
            coordinator::isSettled, coordinator::coordinator, bus, new FairBytes<>(BYTES), clock);
    this.pulseIntake = new PulseIntake(apps, queue::add, bus::publish, clock);
    this.screen = new Screen(new HoldBack(delayNs, new FairBytes<>(BYTES)), coordinator, pulses);
  }

  /// True if it is known that some node has reported a channel or a user as present.
  public boolean isReported(Presence presence) {
    return coordinator.isReported(presence);
  }

  public void join(Channels channels) {
    coordinator.join(channels);
  }

  public void receive(BusMessage message) {
    switch (message) {
      case BusMessage.Reported reported -> coordinator.receive(reported);
      case BusMessage.Pulses part -> pulseIntake.receive(part);
      case BusMessage.PulsesAccepted answer -> pulses.receive(answer);
      default -> {}
    }
  }

  @Override
  public void onChange(Change change) {
    WebhookEvent event = Webhooks.event(change);
    if (event != null && Webhooks.isNeeded(change.app(), event)) {
      queue.add(new Fact(change.app(), event, 0, clock.nanoTime()));
    }
  }

  /// Reports what is due, and nothing after that: before the farewell, as a server does it.
  public void close() {
    step();
    isClosed = true;
  }

  /// Takes what is waiting, and reports what is due.
  public void step() {
    if (isClosed) {
      return;
    }
    List<Fact> batch = new ArrayList<>();
    screen.step(batch::add);
    for (Fact fact = queue.poll(); fact != null; fact = queue.poll()) {
      screen.take(fact, batch::add);
    }
    screen.release(clock.nanoTime(), batch::add);
    batch.forEach(fact -> reported.accept(fact.event()));
    screen.accepted(batch);
  }
}
