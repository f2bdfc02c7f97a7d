package dev.fanfare.webhook;

import dev.fanfare.app.App;
import dev.fanfare.app.Apps;
import dev.fanfare.app.WebhookEndpoint;
import dev.fanfare.protocol.WebhookWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Puts facts into the outbox, once for each endpoint that wants them, and hands them to the
/// endpoints' couriers.
final class Couriers {

  private static final Logger log = LoggerFactory.getLogger(Couriers.class);

  /// One receiver.
  private record Address(String appId, String url) {}

  private final Apps apps;
  private final Office office;
  private final ConcurrentMap<Address, Courier> byAddress = new ConcurrentHashMap<>();

  Couriers(Apps apps, Office office) {
    this.apps = apps;
    this.office = office;
  }

  /// Accepts facts in their order, all at once. Called by the one thread that puts new events into
  /// the outbox, so that each courier gets its entries in the order of their ids.
  void accept(List<Fact> facts) {
    List<Outbox.Draft> drafts = new ArrayList<>();
    List<Courier> receivers = new ArrayList<>();
    for (Fact fact : facts) {
      String event = WebhookWriter.event(fact.event());
      for (WebhookEndpoint endpoint : fact.app().webhooks()) {
        if (!endpoint.wants(fact.event())) {
          continue;
        }
        Courier courier = courier(fact.app(), endpoint);
        if (courier.reserve()) {
          drafts.add(draft(fact, endpoint, event));
          receivers.add(courier);
        } else {
          String limit = office.options().maxPendingEvents() + " wait already (max_pending_events)";
          office.outcomes().webhookDropped(fact.app().id(), endpoint.url(), 1, limit);
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
      String reason = "the endpoint is no longer configured";
      office.outbox().dead(lost, office.wall().millis(), 0, reason);
      lost.forEach(entry -> {
        Outbox.Draft draft = entry.draft();
        office.outcomes().webhookDead(draft.appId(), draft.endpoint(), 1, reason);
      });
    }
  }

  /// Tells every courier to end once it has delivered what waits.
  void end() {
    byAddress.values().forEach(Courier::end);
  }

  /// Waits for the end of all, but not longer than `patience`.
  void join(Duration patience) {
    long deadlineNs = System.nanoTime() + patience.toNanos();
    try {
      for (Courier courier : byAddress.values()) {
        courier.join(deadlineNs);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void accept(List<Outbox.Draft> drafts, List<Courier> receivers) {
    List<Outbox.Entry> entries;
    try {
      entries = office.outbox().accept(drafts);
    } catch (RuntimeException e) {
      log.error("the outbox failed; {} webhook events are lost", drafts.size(), e);
      receivers.forEach(Courier::release);
      drafts.forEach(
          d -> office.outcomes().webhookDropped(d.appId(), d.endpoint(), 1, "the outbox failed"));
      return;
    }
    for (int i = 0; i < entries.size(); i++) {
      Outbox.Draft draft = entries.get(i).draft();
      office.outcomes().webhookAccepted(draft.appId(), draft.endpoint());
      receivers.get(i).send(entries.get(i));
    }
  }

  private static Outbox.Draft draft(Fact fact, WebhookEndpoint endpoint, String event) {
    return new Outbox.Draft(
        fact.app().id(), endpoint.url(), fact.event().channel(), fact.createdMs(), event);
  }

  private @Nullable Courier courierOf(Outbox.Draft draft) {
    App app = apps.byId(draft.appId());
    if (app == null) {
      return null;
    }
    return app.webhooks().stream()
        .filter(endpoint -> endpoint.url().equals(draft.endpoint()))
        .findFirst()
        .map(endpoint -> courier(app, endpoint))
        .orElse(null);
  }

  private Courier courier(App app, WebhookEndpoint endpoint) {
    return byAddress.computeIfAbsent(
        new Address(app.id(), endpoint.url()), _ -> new Courier(app, endpoint, office).start());
  }
}
