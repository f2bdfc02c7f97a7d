package dev.fanfare.webhook;

import dev.fanfare.app.App;
import dev.fanfare.app.Apps;
import dev.fanfare.app.WebhookEndpoint;
import dev.fanfare.observe.Component;
import dev.fanfare.protocol.ChannelName;
import dev.fanfare.protocol.WebhookWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/// Puts facts into the outbox, once for each endpoint that wants them, and hands them to the
/// endpoints' couriers.
final class Couriers {

  private static final Logger log = Component.WEBHOOKS.logger();

  /// What one courier serves: an endpoint's events of encrypted channels, or those of all others.
  /// Some SDKs refuse a whole request for one event of an encrypted channel, so they never share
  /// one, nor a queue.
  private record Address(String appId, String endpoint, boolean isEncrypted) {

    static Address of(Receiver receiver, String channel) {
      boolean isEncrypted = channel.startsWith(ChannelName.ENCRYPTED_PREFIX);
      return new Address(receiver.appId(), receiver.target(), isEncrypted);
    }
  }

  private final Apps apps;
  private final CourierContext context;

  /// Held while apps are looked at and entries are handed to couriers, and while apps change: so no
  /// entry goes to a courier that was sent away. Held during a write to the outbox, never by an
  /// event loop.
  private final ReentrantLock lock = new ReentrantLock();

  // Guarded by the lock.
  private final Map<Address, Courier> byAddress = new HashMap<>();
  private final List<Courier> dismissed = new ArrayList<>();

  Couriers(Apps apps, CourierContext context) {
    this.apps = apps;
    this.context = context;
  }

  /// Accepts facts in their order, all at once. Called by the one thread that puts new events into
  /// the outbox, so that each courier gets its entries in the order of their ids.
  void accept(List<Fact> facts) {
    lock.lock();
    try {
      acceptAll(facts);
    } finally {
      lock.unlock();
    }
  }

  private void acceptAll(List<Fact> facts) {
    List<Outbox.Draft> drafts = new ArrayList<>();
    List<Courier> receivers = new ArrayList<>();
    for (Fact fact : facts) {
      String event = WebhookWriter.event(fact.event());
      App app = apps.byId(fact.app().id()); // facts wait, and apps change meanwhile
      if (app == null) {
        continue;
      }
      for (WebhookEndpoint endpoint : app.webhooks()) {
        if (!endpoint.wants(fact.event())) {
          continue;
        }
        Courier courier = courier(new Receiver(app, endpoint), fact.event().channel());
        if (courier.reserve()) {
          drafts.add(draft(fact, endpoint, event));
          receivers.add(courier);
        } else {
          String limit =
              context.options().maxPendingEvents() + " wait already (max_pending_events)";
          context.outcomes().webhookDropped(app.id(), endpoint.id(), 1, limit);
        }
      }
    }
    if (!drafts.isEmpty()) {
      accept(drafts, receivers);
    }
  }

  /// Sends entries that the outbox holds already: those of before the start, and replays. Any
  /// thread.
  void resume(List<Outbox.Entry> entries) {
    lock.lock();
    try {
      resumeAll(entries);
    } finally {
      lock.unlock();
    }
  }

  private void resumeAll(List<Outbox.Entry> entries) {
    List<Outbox.Entry> lost = new ArrayList<>();
    for (Outbox.Entry entry : entries) {
      Courier courier = courierOf(entry.draft());
      if (courier == null) {
        lost.add(entry);
      } else {
        courier.reserveAnyway();
        courier.send(entry);
      }
    }
    if (!lost.isEmpty()) {
      String reason = Courier.DISMISSED;
      context.outbox().dead(lost, context.wall().millis(), reason);
      lost.forEach(entry -> {
        Outbox.Draft draft = entry.draft();
        context.outcomes().webhookDead(draft.appId(), draft.endpoint(), 1, reason);
      });
    }
  }

  /// Sends couriers away whose endpoint is no longer configured, and tells the others how it is
  /// configured now.
  void appsChanged() {
    lock.lock();
    try {
      dismissed.removeIf(Courier::hasEnded);
      byAddress.entrySet().removeIf(entry -> !updateOrDismiss(entry.getKey(), entry.getValue()));
    } finally {
      lock.unlock();
    }
  }

  private boolean updateOrDismiss(Address address, Courier courier) {
    Receiver receiver = receiver(address.appId(), address.endpoint());
    if (receiver == null) {
      courier.dismiss();
      dismissed.add(courier);
      return false;
    }
    courier.serve(receiver);
    return true;
  }

  /// Tells every courier to end once it has delivered what waits.
  void end() {
    all().forEach(Courier::end);
  }

  private List<Courier> all() {
    lock.lock();
    try {
      List<Courier> all = new ArrayList<>(byAddress.values());
      all.addAll(dismissed);
      return all;
    } finally {
      lock.unlock();
    }
  }

  /// Waits for the end of all, but not longer than `patience`.
  void join(Duration patience) {
    long deadlineNs = System.nanoTime() + patience.toNanos();
    try {
      for (Courier courier : all()) {
        courier.join(deadlineNs);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void accept(List<Outbox.Draft> drafts, List<Courier> receivers) {
    List<Outbox.Entry> entries;
    try {
      entries = context.outbox().accept(drafts);
    } catch (RuntimeException e) {
      log.error("the outbox failed; {} webhook events are lost", drafts.size(), e);
      receivers.forEach(Courier::release);
      drafts.forEach(
          d -> context.outcomes().webhookDropped(d.appId(), d.endpoint(), 1, "the outbox failed"));
      return;
    }
    for (int i = 0; i < entries.size(); i++) {
      Outbox.Draft draft = entries.get(i).draft();
      context.outcomes().webhookAccepted(draft.appId(), draft.endpoint());
      receivers.get(i).send(entries.get(i));
    }
  }

  private static Outbox.Draft draft(Fact fact, WebhookEndpoint endpoint, String event) {
    return new Outbox.Draft(
        fact.app().id(), endpoint.id(), fact.event().channel(), fact.createdMs(), event);
  }

  private @Nullable Courier courierOf(Outbox.Draft draft) {
    Receiver receiver = receiver(draft.appId(), draft.endpoint());
    return receiver == null ? null : courier(receiver, draft.channel());
  }

  /// The configured endpoint of this id; if it is gone, another with the same URL, since that
  /// receiver is still wanted.
  private @Nullable Receiver receiver(String appId, String endpointId) {
    App app = apps.byId(appId);
    if (app == null) {
      return null;
    }
    return app.webhooks().stream()
        .filter(endpoint -> endpoint.hasUrlOf(endpointId))
        .min(Comparator.comparing(endpoint -> !endpoint.id().equals(endpointId)))
        .map(endpoint -> new Receiver(app, endpoint))
        .orElse(null);
  }

  private Courier courier(Receiver receiver, String channel) {
    return byAddress.computeIfAbsent(
        Address.of(receiver, channel), _ -> new Courier(receiver, context).start());
  }
}
