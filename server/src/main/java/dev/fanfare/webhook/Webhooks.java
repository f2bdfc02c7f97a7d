package dev.fanfare.webhook;

import dev.fanfare.app.App;
import dev.fanfare.app.Apps;
import dev.fanfare.app.WebhookEndpoint;
import dev.fanfare.budget.Share;
import dev.fanfare.observe.NanoClock;
import dev.fanfare.observe.Peer;
import dev.fanfare.observe.ServerListener;
import dev.fanfare.observe.Vital;
import dev.fanfare.protocol.ChannelName;
import dev.fanfare.protocol.WebhookEvent;
import dev.fanfare.protocol.WebhookEvent.CacheMiss;
import dev.fanfare.protocol.WebhookEvent.ChannelOccupied;
import dev.fanfare.protocol.WebhookEvent.ChannelVacated;
import dev.fanfare.protocol.WebhookEvent.ClientEvent;
import dev.fanfare.protocol.WebhookEvent.MemberAdded;
import dev.fanfare.protocol.WebhookEvent.MemberRemoved;
import dev.fanfare.protocol.WebhookEvent.SubscriptionCount;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Listens to what happens and sends it to the webhook endpoints of apps (section 7).
///
/// The listener methods only enqueue. Subscription counts and cache misses are throttled where they
/// are counted, and not again here.
public final class Webhooks implements ServerListener, AutoCloseable {

  /// How long shutdown waits for endpoints to accept what is left.
  private static final Duration DRAIN_TIME = Duration.ofSeconds(5);

  /// How long it then waits for couriers whose requests were aborted.
  private static final Duration ABORT_TIME = Duration.ofSeconds(1);

  private final Couriers couriers;
  private final Intake intake;
  private final CourierContext context;

  private Webhooks(Couriers couriers, Intake intake, CourierContext context) {
    this.couriers = couriers;
    this.intake = intake;
    this.context = context;
  }

  /// Starts to send, beginning with what is pending in `outbox`. The caller closes the outbox after
  /// this object.
  ///
  /// @param memory for what is on its way to the outbox
  /// @param outcomes is notified of what becomes of the events
  public static Webhooks start(
      Apps apps,
      WebhookOptions options,
      Outbox outbox,
      Share memory,
      Clocks clocks,
      ServerListener outcomes) {
    CourierContext context =
        new CourierContext(
            outbox,
            new HttpSender(),
            new RetrySchedule(new SplittableRandom()),
            Pause.SYSTEM,
            options,
            clocks.wall(),
            clocks.monotonic(),
            outcomes,
            memory);
    Couriers couriers = new Couriers(apps, context);
    outbox.forEachPending(couriers::resume);
    MemoryParts parts = MemoryParts.of(memory, outbox.isOnDisk());
    HoldBack holdBack =
        new HoldBack(
            TimeUnit.SECONDS.toNanos(options.holdBackSeconds()),
            new FairBytes<>(parts.heldBack(), memory));
    FairBytes<String> queued = new FairBytes<>(parts.intake(), memory);
    Reconciliation reconciliation =
        new Reconciliation(
            apps,
            outbox,
            clocks.monotonic(),
            clocks.wall(),
            TimeUnit.SECONDS.toNanos(options.restartHoldBackSeconds()),
            couriers::accept);
    Intake intake =
        new Intake(queued, holdBack, reconciliation, clocks.monotonic(), couriers::accept).start();
    return new Webhooks(couriers, intake, context);
  }

  /// The pulse of the thread that takes events in.
  public Vital vital() {
    return intake.vital();
  }

  /// The clocks to use.
  public record Clocks(NanoClock monotonic, InstantSource wall) {}

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
  public void channelOccupied(App app, String channel) {
    emit(app, new ChannelOccupied(channel));
  }

  @Override
  public void channelVacated(App app, String channel) {
    emit(app, new ChannelVacated(channel));
  }

  @Override
  public void memberAdded(App app, String channel, String userId) {
    emit(app, new MemberAdded(channel, userId));
  }

  @Override
  public void memberRemoved(App app, String channel, String userId) {
    emit(app, new MemberRemoved(channel, userId));
  }

  @Override
  public void clientEvent(
      App app,
      String channel,
      String event,
      String data,
      Peer peer,
      @Nullable String userId,
      int subscribers) {
    emit(app, new ClientEvent(channel, event, data, peer.socketId(), userId));
  }

  @Override
  public void cacheMissed(App app, String channel) {
    emit(app, new CacheMiss(channel));
  }

  @Override
  public void subscriptionCount(App app, String channel, int count) {
    emit(app, new SubscriptionCount(channel, count));
  }

  /// Accepts what is held back, delivers as long as endpoints accept it, and stops within a few
  /// seconds. What is not delivered stays in the outbox.
  @Override
  public void close() {
    intake.close();
    couriers.end();
    couriers.join(DRAIN_TIME);
    context.sender().close();
    couriers.join(ABORT_TIME);
  }

  private void emit(App app, WebhookEvent event) {
    if (!isNeeded(app, event.type()) || event.channel().startsWith(ChannelName.USER_PREFIX)) {
      return;
    }
    Fact fact = new Fact(app, event, context.wall().millis(), context.monotonic().nanoTime());
    if (!intake.offer(fact)) {
      context.outcomes().webhookDropped(app.id(), null, 1, intake.limit(app));
    }
  }

  /// An addition is needed even by endpoints that get removals only, because it cancels one, and
  /// vice versa. Channel filters are applied later, off the event loop.
  private static boolean isNeeded(App app, WebhookEvent.Type type) {
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
