package dev.fanfare.webhook;

import dev.fanfare.app.App;
import dev.fanfare.app.Apps;
import dev.fanfare.app.WebhookEndpoint;
import dev.fanfare.observe.NanoClock;
import dev.fanfare.observe.Peer;
import dev.fanfare.observe.ServerListener;
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

/// Hears what happens and tells those of an app's servers that want to know (section 7).
///
/// The methods of the listener only enqueue. Subscription counts and cache misses come throttled
/// from where they are counted, and are not throttled again.
public final class Webhooks implements ServerListener, AutoCloseable {

  /// How long the end waits for endpoints to take what is left, and then for couriers to notice
  /// that it is no longer sent.
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private static final Duration FAREWELL = Duration.ofSeconds(1);

  private final Couriers couriers;
  private final Intake intake;
  private final CourierContext context;

  private Webhooks(Couriers couriers, Intake intake, CourierContext context) {
    this.couriers = couriers;
    this.intake = intake;
    this.context = context;
  }

  /// Starts to send, first of all what `outbox` still holds. The caller closes the outbox, after
  /// this.
  ///
  /// @param outcomes hears what becomes of the events
  public static Webhooks start(
      Apps apps, WebhookOptions options, Outbox outbox, Clocks clocks, ServerListener outcomes) {
    CourierContext context =
        new CourierContext(
            outbox,
            new HttpSender(),
            new RetrySchedule(new SplittableRandom()),
            Pause.SYSTEM,
            options,
            clocks.wall(),
            clocks.monotonic(),
            outcomes);
    Couriers couriers = new Couriers(apps, context);
    couriers.resume(outbox.pending());
    HoldBack holdBack =
        new HoldBack(
            TimeUnit.SECONDS.toNanos(options.holdBackSeconds()), options.maxPendingEvents());
    Intake intake = new Intake(holdBack, clocks.monotonic(), couriers::accept).start();
    return new Webhooks(couriers, intake, context);
  }

  /// What to go by.
  public record Clocks(NanoClock monotonic, InstantSource wall) {}

  /// Follows the apps that are in force now: endpoints get their new headers and signatures, and
  /// what waits for those that are gone becomes dead letters. Not for event loops.
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
    tell(app, new ChannelOccupied(channel));
  }

  @Override
  public void channelVacated(App app, String channel) {
    tell(app, new ChannelVacated(channel));
  }

  @Override
  public void memberAdded(App app, String channel, String userId) {
    tell(app, new MemberAdded(channel, userId));
  }

  @Override
  public void memberRemoved(App app, String channel, String userId) {
    tell(app, new MemberRemoved(channel, userId));
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
    tell(app, new ClientEvent(channel, event, data, peer.socketId(), userId));
  }

  @Override
  public void cacheMissed(App app, String channel) {
    tell(app, new CacheMiss(channel));
  }

  @Override
  public void subscriptionCount(App app, String channel, int count) {
    tell(app, new SubscriptionCount(channel, count));
  }

  /// Accepts what is held back, delivers as long as endpoints take it, and ends within some
  /// seconds. What is not delivered stays in the outbox.
  @Override
  public void close() {
    intake.close();
    couriers.end();
    couriers.join(PATIENCE);
    context.sender().close();
    couriers.join(FAREWELL);
  }

  private void tell(App app, WebhookEvent event) {
    if (!isWanted(app, event.type()) || event.channel().startsWith(ChannelName.USER_PREFIX)) {
      return;
    }
    Fact fact = new Fact(app, event, context.wall().millis(), context.monotonic().nanoTime());
    if (!intake.offer(fact)) {
      String limit = Intake.CAPACITY + " wait to be accepted";
      context.outcomes().webhookDropped(app.id(), null, 1, limit);
    }
  }

  /// An addition matters to those who only want removals too, since it undoes one, and the other
  /// way round. Channels are looked at later, where it may take time.
  private static boolean isWanted(App app, WebhookEvent.Type type) {
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
