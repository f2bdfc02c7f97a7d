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
import dev.fanfare.webhook.outbox.Outbox;
import dev.fanfare.webhook.outbox.Outbox.Draft;
import dev.fanfare.webhook.outbox.Outbox.Entry;
import dev.fanfare.webhook.outbox.Outboxes;
import dev.fanfare.webhook.outbox.Presence;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Queue;
import java.util.stream.IntStream;

/// What [Intake] does with its real [Screen], when the test wants it, and the real [Cooperation]
/// with other nodes. Instead of couriers, the test takes what is pending.
public final class ThreadlessWebhooks implements ChangeListener {

  private static final long BYTES = 1L << 40;

  private final NanoClock clock;
  private final Bus bus;
  private final Outbox outbox;
  private final Cooperation cooperation;
  private final PulseIntake pulseIntake;
  private final Screen screen;
  private final Receiver receiver;
  private final Queue<Fact> queue = new ArrayDeque<>();

  /// Pending entries in the order in which they are delivered.
  private final Deque<Entry> unsent = new ArrayDeque<>();

  private boolean isClosed;

  /// Where events go.
  public interface Receiver {

    /// An event is about to enter the outbox.
    ///
    /// @return the text with which it is delivered
    String accepted(WebhookEvent event);

    /// Events of another node are in the outbox.
    void inherited(List<Draft> drafts);

    /// How many events it accepts now.
    int room();

    void deliver(Draft draft);
  }

  /// @param outbox may have pending entries
  /// @param delayNs how long removals are held back
  public ThreadlessWebhooks(
      Apps apps, Bus bus, NanoClock clock, long delayNs, Outbox outbox, Receiver receiver) {
    this.clock = clock;
    this.bus = bus;
    this.outbox = outbox;
    this.receiver = receiver;
    Coordinator coordinator =
        new Coordinator(apps, bus, outbox, new Webhooks.Clocks(clock, () -> Instant.EPOCH));
    Pulses pulses =
        new Pulses(
            coordinator::isSettled, coordinator::coordinator, bus, new FairBytes<>(BYTES), clock);
    Shadows shadows = new Shadows(coordinator::successor, bus::publish);
    this.cooperation =
        CooperationBuilder.builder()
            .coordinator(coordinator)
            .handOver(new HandOver(outbox, coordinator::successor, bus::publish, clock))
            .heir(new Heir(apps, this::inherit, bus::publish, Runnable::run))
            .shadows(shadows)
            .deputy(new Deputy(apps, Outboxes.memory(), BYTES, this::inherit, bus::publish))
            .pulses(pulses)
            .returning(
                new Returning(
                    outbox,
                    bus::publish,
                    entries -> {
                      receiver.inherited(entries.stream().map(Entry::draft).toList());
                      shadows.accepted(entries);
                      sendFirst(entries);
                    },
                    clock.nanoTime()))
            .build();
    outbox.observe(change -> {
      shadows.accepted(change.accepted());
      shadows.ended(change.settled());
    });
    this.pulseIntake = new PulseIntake(apps, queue::add, bus::publish, clock);
    this.screen = new Screen(new HoldBack(delayNs, new FairBytes<>(BYTES)), coordinator, pulses);
  }

  /// True if it is known that some node has reported a channel or a user as present.
  public boolean isReported(Presence presence) {
    return cooperation.coordinator().isReported(presence);
  }

  public void join(Channels channels) {
    cooperation.coordinator().join(channels);
  }

  public void receive(BusMessage message) {
    if (message instanceof BusMessage.Pulses part) {
      pulseIntake.receive(part);
    } else {
      cooperation.receive(message);
    }
  }

  @Override
  public void onChange(Change change) {
    WebhookEvent event = Webhooks.event(change);
    if (event != null && Webhooks.isNeeded(change.app(), event)) {
      queue.add(new Fact(change.app(), event, 0, clock.nanoTime()));
    }
  }

  private List<Integer> inherit(List<Draft> drafts) {
    receiver.inherited(drafts);
    sendFirst(outbox.accept(drafts));
    return IntStream.range(0, drafts.size()).boxed().toList();
  }

  private void sendFirst(List<Entry> entries) {
    entries.reversed().forEach(unsent::addFirst);
  }

  /// Reports what is due, and nothing after that: before the farewell, as a server does it.
  public void close() {
    cooperation.heir().close();
    step();
    isClosed = true;
  }

  /// Hands over what is pending after [#close]. To be called until it returns true: then the
  /// farewell is due.
  public boolean handOver() {
    boolean isDone = cooperation.handOver().step();
    if (isDone) {
      cooperation.shadows().flush();
    }
    return isDone;
  }

  /// Takes what is waiting, reports what is due, and delivers what the receiver accepts.
  public void step() {
    if (isClosed) {
      return;
    }
    cooperation.step(bus.nodes(), outbox, clock.nanoTime());
    List<Fact> batch = new ArrayList<>();
    screen.step(batch::add);
    for (Fact fact = queue.poll(); fact != null; fact = queue.poll()) {
      screen.take(fact, batch::add);
    }
    screen.release(clock.nanoTime(), batch::add);
    if (!batch.isEmpty()) {
      unsent.addAll(outbox.accept(batch.stream().map(this::draft).toList()));
      screen.accepted(batch);
    }
    deliver();
  }

  private Draft draft(Fact fact) {
    WebhookEvent event = fact.event();
    String endpoint = fact.app().webhooks().getFirst().id();
    return new Draft(fact.app().id(), endpoint, event.channel(), 0, receiver.accepted(event));
  }

  private void deliver() {
    int room = receiver.room();
    for (int i = 0; i < room && !unsent.isEmpty(); i++) {
      Entry entry = outbox.find(unsent.remove().id());
      if (entry != null) {
        receiver.deliver(entry.draft());
        outbox.delivered(List.of(entry));
      }
    }
  }
}
