package dev.fanfare.webhook;

import dev.fanfare.app.App;
import dev.fanfare.app.Apps;
import dev.fanfare.app.WebhookEndpoint;
import dev.fanfare.budget.Share;
import dev.fanfare.bus.Bus;
import dev.fanfare.bus.BusMessage;
import dev.fanfare.channel.Change;
import dev.fanfare.channel.ChangeListener;
import dev.fanfare.channel.Channels;
import dev.fanfare.observe.NanoClock;
import dev.fanfare.observe.Observation;
import dev.fanfare.observe.ServerListener;
import dev.fanfare.observe.Vital;
import dev.fanfare.protocol.ChannelName;
import dev.fanfare.protocol.Publication;
import dev.fanfare.protocol.WebhookEvent;
import dev.fanfare.protocol.WebhookEvent.CacheMiss;
import dev.fanfare.protocol.WebhookEvent.ChannelOccupied;
import dev.fanfare.protocol.WebhookEvent.ChannelVacated;
import dev.fanfare.protocol.WebhookEvent.ClientEvent;
import dev.fanfare.protocol.WebhookEvent.MemberAdded;
import dev.fanfare.protocol.WebhookEvent.MemberRemoved;
import dev.fanfare.protocol.WebhookEvent.SubscriptionCount;
import dev.fanfare.webhook.courier.CourierContext;
import dev.fanfare.webhook.courier.CourierContextBuilder;
import dev.fanfare.webhook.courier.Couriers;
import dev.fanfare.webhook.courier.HttpSender;
import dev.fanfare.webhook.courier.Pause;
import dev.fanfare.webhook.courier.RetrySchedule;
import dev.fanfare.webhook.disk.DurableOutbox;
import dev.fanfare.webhook.outbox.Fact;
import dev.fanfare.webhook.outbox.FairBytes;
import dev.fanfare.webhook.outbox.MemoryOutbox;
import dev.fanfare.webhook.outbox.MemoryParts;
import dev.fanfare.webhook.outbox.Outbox;
import dev.fanfare.webhook.outbox.WebhookOptions;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Sends changes of channels and client events to the webhook endpoints of apps (section 7).
///
/// [#onChange] only enqueues. Subscription counts and cache misses are throttled where they are
/// counted, and not again here.
public final class Webhooks implements ChangeListener, AutoCloseable {

  /// How long shutdown waits for endpoints to accept what is left.
  private static final Duration DRAIN_TIME = Duration.ofSeconds(5);

  /// How long it then waits for couriers whose requests were aborted.
  private static final Duration ABORT_TIME = Duration.ofSeconds(1);

  private final Couriers couriers;
  private final Intake intake;
  private final CourierContext context;

  /// Null on a node without others.
  private final @Nullable Cooperation cooperation;

  private final PulseIntake pulses;

  private Webhooks(
      Couriers couriers,
      Intake intake,
      CourierContext context,
      @Nullable Cooperation cooperation,
      PulseIntake pulses) {
    this.couriers = couriers;
    this.intake = intake;
    this.context = context;
    this.cooperation = cooperation;
    this.pulses = pulses;
  }

  /// Starts to send, beginning with what is pending in `outbox`. The caller closes the outbox after
  /// this object.
  ///
  /// @param memory for what is on its way to the outbox
  /// @param outcomes is notified of what becomes of the events
  /// @param bus to the nodes of which one reports what concerns a channel as a whole
  public static Webhooks start(
      Apps apps,
      WebhookOptions options,
      Outbox outbox,
      Share memory,
      Clocks clocks,
      ServerListener outcomes,
      Bus bus) {
    CourierContext context =
        CourierContextBuilder.builder()
            .outbox(outbox)
            .sender(new HttpSender())
            .schedule(new RetrySchedule(new SplittableRandom()))
            .pause(Pause.SYSTEM)
            .options(options)
            .wall(clocks.wall())
            .monotonic(clocks.monotonic())
            .outcomes(outcomes)
            .memory(memory)
            .build();
    Couriers couriers = new Couriers(apps, context);
    MemoryParts parts = MemoryParts.of(memory, outbox.isOnDisk());
    HoldBack holdBack =
        new HoldBack(
            TimeUnit.SECONDS.toNanos(options.holdBackSeconds()),
            new FairBytes<>(parts.heldBack(), memory));
    FairBytes<String> queued = new FairBytes<>(parts.intake(), memory);
    Cooperation cooperation =
        bus.nodes().isAlone() ? null : cooperation(apps, bus, context, clocks, couriers);
    Coordination coordination =
        cooperation == null ? Coordination.ALONE : cooperation.coordinator();
    if (cooperation == null) {
      outbox.forEachPending(couriers::resume);
    }
    Reconciliation reconciliation =
        new Reconciliation(
            apps,
            outbox,
            clocks.monotonic(),
            clocks.wall(),
            TimeUnit.SECONDS.toNanos(options.restartHoldBackSeconds()),
            coordination::isPresent);
    Intake intake =
        new Intake(
                queued,
                new Screen(
                    holdBack, coordination, cooperation == null ? null : cooperation.pulses()),
                reconciliation,
                clocks.monotonic(),
                cooperation == null
                    ? () -> {}
                    : () -> cooperation.step(bus.nodes(), outbox, clocks.monotonic().nanoTime()),
                couriers::accept)
            .start();
    return new Webhooks(
        couriers,
        intake,
        context,
        cooperation,
        new PulseIntake(apps, intake::offer, bus::publish, clocks.monotonic()));
  }

  private static Cooperation cooperation(
      Apps apps, Bus bus, CourierContext context, Clocks clocks, Couriers couriers) {
    Coordinator coordinator = new Coordinator(apps, bus, context.outbox(), clocks);
    Outbox outbox = context.outbox();
    Share memory = context.memory();
    MemoryParts parts = MemoryParts.of(memory, outbox.isOnDisk());
    Shadows shadows = new Shadows(coordinator::successor, bus::publish);
    Cooperation cooperation =
        CooperationBuilder.builder()
            .coordinator(coordinator)
            .handOver(new HandOver(outbox, coordinator::successor, bus::publish, NanoClock.SYSTEM))
            .heir(new Heir(apps, couriers::inherit, bus::publish, Thread::startVirtualThread))
            .shadows(shadows)
            .pulses(
                new Pulses(
                    coordinator::isSettled,
                    coordinator::coordinator,
                    bus,
                    new FairBytes<>(parts.pulses(), memory),
                    clocks.monotonic()))
            .deputy(new Deputy(apps, memory, parts.shadows(), couriers::inherit, bus::publish))
            .returning(
                new Returning(
                    outbox,
                    bus::publish,
                    entries -> {
                      shadows.accepted(entries);
                      couriers.resumeFirst(entries);
                    },
                    clocks.monotonic().nanoTime()))
            .build();
    outbox.observe(change -> {
      shadows.accepted(change.accepted());
      shadows.ended(change.settled());
    });
    return cooperation;
  }

  /// From now on it is known what is true. Called before the other nodes are joined.
  public void join(Channels channels) {
    if (cooperation != null) {
      cooperation.coordinator().join(channels);
    }
  }

  /// Another node has reported something, or hands something over. Called by the bus.
  public void receive(BusMessage message) {
    if (message instanceof BusMessage.Pulses part) {
      pulses.receive(part);
    } else if (cooperation != null) {
      cooperation.receive(message);
    }
  }

  /// What this node has reported of each channel, to be published again; see `Cluster.start`.
  public Iterator<Runnable> facts() {
    return cooperation == null ? Collections.emptyIterator() : cooperation.coordinator().facts();
  }

  /// What several nodes share at the moment.
  public SharedEvents shared() {
    return cooperation == null ? SharedEvents.NONE : cooperation.shared();
  }

  /// The pulse of the thread that takes events in.
  public Vital vital() {
    return intake.vital();
  }

  /// The clocks to use.
  public record Clocks(NanoClock monotonic, InstantSource wall) {}

  /// Opens the outbox in `data_dir`; one in memory if that is empty.
  ///
  /// @throws IOException with a sentence that names the folder, the problem and the option to
  ///   change
  public static Outbox openOutbox(
      WebhookOptions options, Share memory, NanoClock clock, InstantSource wall)
      throws IOException {
    return options.dataDir().isEmpty()
        ? new MemoryOutbox(options.maxDeadLetters(), memory)
        : DurableOutbox.open(options, memory, clock, wall);
  }

  /// Applies the new configuration of the apps: endpoints get their new headers and signatures, and
  /// what is pending for removed endpoints becomes dead letters. May block; not for event loops.
  public void appsChanged() {
    couriers.appsChanged();
  }

  /// Sends entries that the outbox has accepted from others, such as dead letters that are
  /// replayed. Any thread that may block.
  public void resume(List<Outbox.Entry> entries) {
    couriers.resume(entries);
  }

  @Override
  public void onChange(Change change) {
    App app = change.app();
    WebhookEvent event = app.webhooks().isEmpty() ? null : event(change);
    if (event != null) {
      emit(app, event);
    }
  }

  /// The event that reports a change; null for none.
  static @Nullable WebhookEvent event(Change change) {
    String channel = change.name();
    return switch (change) {
      case Change.Occupied _ -> new ChannelOccupied(channel);
      case Change.Vacated _ -> new ChannelVacated(channel);
      case Change.MemberAdded added -> new MemberAdded(channel, added.member().userId());
      case Change.MemberRemoved removed -> new MemberRemoved(channel, removed.member().userId());
      case Change.Counted counted -> new SubscriptionCount(channel, counted.count());
      case Change.CacheMissed _ -> new CacheMiss(channel);
      case Change.ClientEvent sent -> clientEvent(channel, sent.publication());
      case Change.Joined _, Change.Left _, Change.Kept _, Change.CacheForgotten _ -> null;
    };
  }

  /// The excluded connection is the sender.
  private static ClientEvent clientEvent(String channel, Publication event) {
    String sender = Objects.requireNonNull(event.exceptSocketId());
    return new ClientEvent(channel, event.event(), event.data(), sender, event.userId());
  }

  /// Accepts what is held back, delivers as long as endpoints accept it, and stops within a few
  /// seconds. What is not delivered is handed over to other nodes, or stays in the outbox.
  @Override
  public void close() {
    if (cooperation != null) {
      cooperation.heir().close();
    }
    intake.close();
    if (cooperation != null) {
      couriers.accept(cooperation.pulses().close());
    }
    couriers.end();
    couriers.join(DRAIN_TIME);
    context.sender().close();
    couriers.join(ABORT_TIME);
    if (cooperation != null) {
      cooperation.handOver().run();
      cooperation.shadows().flush();
    }
  }

  private void emit(App app, WebhookEvent event) {
    if (!isNeeded(app, event)) {
      return;
    }
    Fact fact = new Fact(app, event, context.wall().millis(), context.monotonic().nanoTime());
    if (!intake.offer(fact)) {
      context.outcomes().on(new Observation.WebhookDropped(app.id(), null, 1, intake.limit(app)));
    }
  }

  /// An addition is needed even by endpoints that get removals only, because it cancels one, and
  /// vice versa. Channel filters are applied later, off the event loop.
  static boolean isNeeded(App app, WebhookEvent event) {
    WebhookEvent.Type type = event.type();
    if (event.channel().startsWith(ChannelName.USER_PREFIX)) {
      return false;
    }
    for (WebhookEndpoint endpoint : app.webhooks()) {
      if (endpoint.wants(type) || endpoint.wants(opposite(type))) {
        return true;
      }
    }
    return false;
  }

  private static WebhookEvent.Type opposite(WebhookEvent.Type type) {
    return switch (type) {
      case CHANNEL_OCCUPIED -> WebhookEvent.Type.CHANNEL_VACATED;
      case CHANNEL_VACATED -> WebhookEvent.Type.CHANNEL_OCCUPIED;
      case MEMBER_ADDED -> WebhookEvent.Type.MEMBER_REMOVED;
      case MEMBER_REMOVED -> WebhookEvent.Type.MEMBER_ADDED;
      case CLIENT_EVENT, CACHE_MISS, SUBSCRIPTION_COUNT -> type;
    };
  }
}
