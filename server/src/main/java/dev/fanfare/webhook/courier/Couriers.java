package dev.fanfare.webhook.courier;

import dev.fanfare.app.App;
import dev.fanfare.app.Apps;
import dev.fanfare.app.WebhookEndpoint;
import dev.fanfare.observe.Component;
import dev.fanfare.observe.NanoClock;
import dev.fanfare.observe.Observation;
import dev.fanfare.protocol.Parsed;
import dev.fanfare.protocol.WebhookWriter;
import dev.fanfare.webhook.outbox.Fact;
import dev.fanfare.webhook.outbox.Outbox;
import dev.fanfare.webhook.outbox.Presence;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.ObjLongConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/// Puts facts into the outbox, once for each endpoint whose filters match, and passes them to the
/// couriers of the endpoints.
public final class Couriers {

  private static final Logger log = Component.WEBHOOKS.logger();

  /// @param reason for the last one
  private record Dropped(int events, String reason) {}

  private final Apps apps;
  private final CourierContext context;

  /// Held while entries are assigned to couriers, and while apps change, so that no entry is
  /// assigned to a dismissed courier. Held during a write to the outbox, never by an event loop.
  private final ReentrantLock lock = new ReentrantLock();

  // Guarded by the lock.
  private final Map<CourierAddress, Courier> byAddress = new HashMap<>();
  private final List<Courier> dismissed = new ArrayList<>();
  private final Unclaimed unclaimed;

  public Couriers(Apps apps, CourierContext context) {
    this.apps = apps;
    this.context = context;
    this.unclaimed = new Unclaimed(context);
  }

  /// Accepts facts in their order, all at once. Called by a single thread, so that each courier
  /// gets its entries in the order of their ids.
  public void accept(List<Fact> facts) {
    locked(() -> acceptAll(facts));
  }

  private void locked(Runnable action) {
    lock.lock();
    try {
      action.run();
    } finally {
      lock.unlock();
    }
  }

  private void acceptAll(List<Fact> facts) {
    claim();
    Acceptance acceptance = new Acceptance();
    for (Fact fact : facts) {
      App app = apps.known(fact.app().id()); // it may have changed since the fact
      if (app == null) {
        acceptance.forget(fact);
      } else if (!acceptance.confirms(app, fact)) {
        acceptance.add(app, fact);
      }
    }
    acceptance.finish();
  }

  /// Events that are put into the outbox together. Those for which there is no room are dropped.
  private final class Acceptance {

    private final List<Outbox.Draft> drafts = new ArrayList<>();
    private final List<Courier> receivers = new ArrayList<>();
    private final Map<Outbox.Target, Long> bytes = new HashMap<>();
    private long allBytes;

    /// By key; the last one counts.
    private final Map<String, Presence> reported = new HashMap<>();

    /// Events that were dropped, by endpoint: reported together, since there may be very many.
    private final Map<Outbox.Target, Dropped> droppedBy = new LinkedHashMap<>();

    /// An arrival that was reported before a restart is not reported again.
    boolean confirms(App app, Fact fact) {
      Presence presence = Presence.of(fact);
      boolean isConfirmed =
          presence != null
              && presence.isPresent()
              && !reported.containsKey(presence.key())
              && isReported(app, presence)
              && context.outbox().isUnconfirmed(presence);
      if (presence != null && isConfirmed) {
        reported.put(presence.key(), presence);
      }
      return isConfirmed;
    }

    /// The app of a departure was removed.
    void forget(Fact fact) {
      Presence presence = Presence.of(fact);
      if (presence != null && !presence.isPresent()) {
        reported.put(presence.key(), presence);
      }
    }

    void add(App app, Fact fact) {
      @Nullable String event = null;
      int wanted = 0;
      int dropped = 0;
      for (WebhookEndpoint endpoint : app.webhooks()) {
        if (endpoint.wants(fact.event())) {
          Courier courier =
              courier(
                  new Receiver(app, endpoint), CourierAddress.isEncrypted(fact.event().channel()));
          wanted++;
          int atLeast = Outbox.Draft.minBytes(fact.event().channel());
          Outbox.Target target = new Outbox.Target(fact.app().id(), endpoint.id());
          if (!hasRoom(target, atLeast)) {
            dropped++;
            continue; // without its text, which costs more than the rest
          }
          event = event == null ? WebhookWriter.event(fact.event()) : event;
          dropped += add(draft(fact, endpoint, event), courier) ? 0 : 1;
        }
      }
      Presence presence = Presence.of(fact);
      // A departure that was dropped for an endpoint is reported after the next restart.
      if (presence != null && presence.isPresent()) {
        if (isReported(app, presence) && (dropped < wanted || wanted == 0)) {
          reported.put(presence.key(), presence);
        }
      } else if (presence != null && dropped == 0 && context.outbox().isOnDisk()) {
        reported.put(presence.key(), presence);
      }
    }

    /// True if an endpoint gets the arrival or the departure. Only a file survives a restart.
    private boolean isReported(App app, Presence presence) {
      return context.outbox().isOnDisk()
          && app.webhooks().stream()
              .anyMatch(e -> e.wants(presence.arrival()) || e.wants(presence.departure()));
    }

    /// Returns false, and counts the event as dropped, if the outbox has no room for so many bytes.
    private boolean hasRoom(Outbox.Target target, int size) {
      long own = bytes.getOrDefault(target, 0L) + size;
      return isRoom(target, context.outbox().checkRoom(target, own, allBytes + size));
    }

    private boolean isRoom(Outbox.Target target, Parsed<Parsed.Passed> room) {
      if (room instanceof Parsed.Bad(String reason)) {
        Dropped before = droppedBy.get(target);
        droppedBy.put(target, new Dropped(before == null ? 1 : before.events() + 1, reason));
        return false;
      }
      return true;
    }

    /// Returns false if there is no room.
    private boolean add(Outbox.Draft draft, Courier courier) {
      int size = draft.bytes();
      if (!hasRoom(draft.target(), size)
          || !isRoom(draft.target(), courier.settlement().reserve())) {
        return false;
      }
      bytes.merge(draft.target(), (long) size, Long::sum);
      allBytes += size;
      drafts.add(draft);
      receivers.add(courier);
      return true;
    }

    void finish() {
      droppedBy.forEach((target, dropped) ->
          context
              .outcomes()
              .on(
                  new Observation.WebhookDropped(
                      target.appId(), target.endpoint(), dropped.events(), dropped.reason())));
      if (!drafts.isEmpty() || !reported.isEmpty()) {
        var _ = accept(drafts, receivers, List.copyOf(reported.values()), Courier::send);
      }
    }
  }

  /// Sends entries that the outbox has accepted before: pending ones at the start, and replays, in
  /// parts. Any thread.
  public void resume(List<Outbox.Entry> entries) {
    locked(() -> resumeAll(entries, Courier::send));
  }

  /// The same for entries that are older than all that waits.
  public void resumeFirst(List<Outbox.Entry> entries) {
    locked(() -> resumeAll(entries, Courier::sendInherited));
  }

  private void resumeAll(List<Outbox.Entry> entries, ObjLongConsumer<Courier> send) {
    claim();
    for (Outbox.Entry entry : entries) {
      Courier courier = courierOf(entry.draft());
      if (courier == null) {
        unclaimed.add(entry);
      } else {
        courier.settlement().reserveAnyway();
        send.accept(courier, entry.id());
      }
    }
    claim();
  }

  /// Gives what is not claimed to the couriers that there are by now. The rest becomes dead
  /// letters, unless its apps may still be read.
  private void claim() {
    unclaimed.settle(apps.isLoaded(), this::courierOf);
  }

  /// Accepts events that another node has not delivered, all at once, in their order and before
  /// those that wait here. Any thread that may block.
  ///
  /// @return the indexes of those that were accepted: not those without an endpoint or without room
  public List<Integer> inherit(List<Outbox.Draft> drafts) {
    lock.lock();
    try {
      claim();
      Inheritance inheritance = new Inheritance();
      for (int i = 0; i < drafts.size(); i++) {
        inheritance.add(i, drafts.get(i));
      }
      return inheritance.finish();
    } finally {
      lock.unlock();
    }
  }

  /// Events of another node that are accepted together.
  private final class Inheritance {

    private final List<Integer> indexes = new ArrayList<>();
    private final List<Outbox.Draft> drafts = new ArrayList<>();
    private final List<Courier> receivers = new ArrayList<>();
    private final Map<Outbox.Target, Long> bytes = new HashMap<>();
    private final Set<Outbox.Target> refused = new HashSet<>();
    private long allBytes;

    void add(int index, Outbox.Draft draft) {
      Courier courier = courierOf(draft);
      int size = draft.bytes();
      long own = bytes.getOrDefault(draft.target(), 0L) + size;
      if (courier != null
          && !refused.contains(draft.target()) // a later event must not overtake an earlier one
          && context.outbox().checkRoom(draft.target(), own, allBytes + size) instanceof Parsed.Ok
          && courier.settlement().reserve() instanceof Parsed.Ok) {
        bytes.put(draft.target(), own);
        allBytes += size;
        indexes.add(index);
        drafts.add(draft);
        receivers.add(courier);
      } else {
        refused.add(draft.target());
      }
    }

    List<Integer> finish() {
      boolean isAccepted =
          drafts.isEmpty() || accept(drafts, receivers, List.of(), Courier::sendInherited);
      return isAccepted ? indexes : List.of();
    }
  }

  /// Dismisses couriers whose endpoint was removed, and updates the others.
  public void appsChanged() {
    locked(() -> {
      dismissed.removeIf(Courier::hasEnded);
      byAddress.entrySet().removeIf(entry -> !updateOrDismiss(entry.getKey(), entry.getValue()));
      claim();
    });
  }

  private boolean updateOrDismiss(CourierAddress address, Courier courier) {
    Receiver receiver = receiver(address.appId(), address.endpoint());
    if (receiver == null) {
      courier.dismiss();
      dismissed.add(courier);
      return false;
    }
    courier.serve(receiver);
    return true;
  }

  /// Stops every courier after it has delivered what is waiting.
  public void end() {
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

  /// Waits until all couriers have stopped, at most for `timeout`.
  public void join(Duration timeout) {
    long deadlineNs = NanoClock.SYSTEM.nanoTime() + timeout.toNanos();
    try {
      for (Courier courier : all()) {
        courier.join(deadlineNs);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// Returns false if the outbox failed.
  private boolean accept(
      List<Outbox.Draft> drafts,
      List<Courier> receivers,
      List<Presence> reported,
      ObjLongConsumer<Courier> send) {
    List<Outbox.Entry> entries;
    try {
      entries = context.outbox().accept(drafts, reported);
    } catch (RuntimeException e) {
      log.error("the outbox failed; {} webhook events were lost", drafts.size(), e);
      receivers.forEach(courier -> courier.settlement().release(1));
      drafts.forEach(d ->
          context
              .outcomes()
              .on(new Observation.WebhookDropped(d.appId(), d.endpoint(), 1, "the outbox failed")));
      return false;
    }
    for (int i = 0; i < entries.size(); i++) {
      Outbox.Draft draft = entries.get(i).draft();
      context.outcomes().on(new Observation.WebhookAccepted(draft.appId(), draft.endpoint()));
      send.accept(receivers.get(i), entries.get(i).id());
    }
    return true;
  }

  private static Outbox.Draft draft(Fact fact, WebhookEndpoint endpoint, String event) {
    return new Outbox.Draft(
        fact.app().id(), endpoint.id(), fact.event().channel(), fact.createdMs(), event);
  }

  private @Nullable Courier courierOf(Outbox.Draft draft) {
    return courierOf(CourierAddress.of(draft));
  }

  private @Nullable Courier courierOf(CourierAddress address) {
    Receiver receiver = receiver(address.appId(), address.endpoint());
    return receiver == null ? null : courier(receiver, address.isEncrypted());
  }

  /// The endpoint with this id; if it was removed, another one with the same URL, because that
  /// receiver is still configured.
  private @Nullable Receiver receiver(String appId, String endpointId) {
    App app = apps.known(appId);
    if (app == null) {
      return null;
    }
    return app.webhooks().stream()
        .filter(endpoint -> endpoint.hasUrlOf(endpointId))
        .min(Comparator.comparing(endpoint -> !endpoint.id().equals(endpointId)))
        .map(endpoint -> new Receiver(app, endpoint))
        .orElse(null);
  }

  private Courier courier(Receiver receiver, boolean isEncrypted) {
    return byAddress.computeIfAbsent(
        new CourierAddress(receiver.appId(), receiver.target(), isEncrypted),
        _ -> new Courier(receiver, context).start());
  }
}
