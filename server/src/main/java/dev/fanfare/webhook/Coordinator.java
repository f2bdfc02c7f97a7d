package dev.fanfare.webhook;

import dev.fanfare.app.App;
import dev.fanfare.app.Apps;
import dev.fanfare.bus.Bus;
import dev.fanfare.bus.BusMessage;
import dev.fanfare.bus.BusMessage.Reported.State;
import dev.fanfare.bus.NodesView;
import dev.fanfare.channel.Channels;
import dev.fanfare.protocol.ChannelName;
import dev.fanfare.protocol.WebhookEvent;
import dev.fanfare.protocol.WebhookEvent.CacheMiss;
import dev.fanfare.protocol.WebhookEvent.SubscriptionCount;
import dev.fanfare.webhook.outbox.Fact;
import dev.fanfare.webhook.outbox.Outbox;
import dev.fanfare.webhook.outbox.Presence;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Reports what concerns a channel as a whole from one node of all, whichever nodes come and go.
///
/// Every node sees every change. The coordinator of a channel reports it, and publishes what was
/// reported; all nodes remember that ([Claims]). When the nodes change, each compares what was
/// reported of the channels that it coordinates with what is true, and reports the difference. An
/// arrival that was reported, and a departure of what was not, is dropped, so it does no harm if a
/// change is found by comparing and arrives as an event as well.
///
/// The thread of [Intake] decides; the bus's thread calls [#receive] and [#facts].
final class Coordinator implements Coordination {

  /// After the nodes have changed, all have seen the claims of all others.
  private static final long CLAIMS_NS = TimeUnit.SECONDS.toNanos(3);

  /// A dispute that no node has decided for so long was decided by the coordinator.
  private static final long DISPUTE_NS = TimeUnit.SECONDS.toNanos(10);

  /// As many restarts leave behind at most; read in parts.
  private static final int SLICE = 1_000;

  private final Apps apps;
  private final Bus bus;
  private final Outbox outbox;
  private final Webhooks.Clocks clocks;
  private final Claims claims = new Claims();
  private final Reports reports;
  private final Disputes disputes = new Disputes();
  private volatile @Nullable Truth truth;

  // Confined to the thread of Intake.
  private final Denials denials = new Denials();
  private NodesView compared = NodesView.ALONE;
  private boolean isRecalled;
  private boolean isReleaseDue;
  private boolean isDenialDue;
  private boolean isCutOff;
  private long comparedNs;

  /// @param outbox also remembers what was reported, across restarts
  Coordinator(Apps apps, Bus bus, Outbox outbox, Webhooks.Clocks clocks) {
    this.apps = apps;
    this.bus = bus;
    this.outbox = outbox;
    this.clocks = clocks;
    this.reports = new Reports(claims, bus);
  }

  /// From now on the truth is known.
  void join(Channels all) {
    truth = new Truth(all);
  }

  /// Another node has reported something.
  void receive(BusMessage.Reported message) {
    if (apps.known(message.appId()) == null) {
      return;
    }
    NodesView view = bus.nodes();
    Claims.Name name = new Claims.Name(message.appId(), message.channel());
    String user = message.userId();
    synchronized (claims) {
      boolean isReported = claims.isReported(view.self(), name, user);
      boolean isNews = claims.receive(view, message);
      boolean hasClaim = claims.hasClaim(view.self(), name);
      boolean isDisputed =
          switch (message.state()) {
            case PRESENT -> hasClaim && !isReported;
            case ABSENT -> isReported;
            case RELEASED -> isNews && !isReported;
          };
      if (isDisputed) {
        disputes.add(name, user, clocks.monotonic().nanoTime());
      }
      boolean isConcerned = message.state() == State.PRESENT ? hasClaim : isNews;
      if (isConcerned) {
        disputes.inherit(name);
      }
    }
  }

  /// See [Reports#facts].
  Iterator<Runnable> facts() {
    return reports.facts();
  }

  /// The life of the node that continues with a channel when this one shuts down; 0 if there is
  /// none.
  long successor(String appId, String channel) {
    return claims.successor(bus.nodes(), new Claims.Name(appId, channel));
  }

  /// The life of the node that reports what concerns a channel.
  long coordinator(String appId, String channel) {
    return claims.coordinator(bus.nodes(), new Claims.Name(appId, channel));
  }

  /// True if some node has reported the channel or the user as present, as far as this one knows.
  boolean isReported(Presence presence) {
    return claims.isReported(
        new Claims.Name(presence.appId(), presence.channel()), presence.userId());
  }

  private static Claims.Name name(Fact fact) {
    return new Claims.Name(fact.app().id(), fact.event().channel());
  }

  @Override
  public boolean isActive() {
    return true;
  }

  @Override
  public boolean isSettled() {
    return isRecalled;
  }

  private boolean isCoordinator(Claims.Name name) {
    return isRecalled && claims.isCoordinator(bus.nodes(), name);
  }

  @Override
  public boolean concerns(Fact fact) {
    Presence presence = Presence.of(fact);
    // An arrival undoes a removal that waits, even if another node has taken over since.
    return presence == null
        || presence.isPresent()
        || (isCoordinator(name(fact))
            && claims.isReported(bus.nodes().self(), name(fact), presence.userId()));
  }

  @Override
  public boolean isArrival(Fact fact) {
    Presence presence = Presence.of(fact);
    return presence != null && presence.isPresent();
  }

  @Override
  public boolean admits(Fact fact) {
    Presence presence = Presence.of(fact);
    if (presence == null) {
      return switch (fact.event()) {
        case SubscriptionCount _ -> isCoordinator(name(fact));
        case CacheMiss miss -> fact.sender() == null || reportMiss(fact.app(), miss.channel());
        default -> true;
      };
    }
    return isCoordinator(name(fact))
        && claims.report(bus.nodes().self(), name(fact), presence.userId(), presence.isPresent());
  }

  private boolean reportMiss(App app, String channel) {
    Truth now = truth;
    return now == null || now.reportMiss(app, channel);
  }

  @Override
  public void accepted(List<Fact> facts) {
    synchronized (claims) {
      for (Fact fact : facts) {
        Presence presence = Presence.of(fact);
        if (presence != null) {
          boolean isPresent = presence.isPresent();
          reports.publish(name(fact), presence.userId(), isPresent ? State.PRESENT : State.ABSENT);
          denials.report(name(fact), presence.userId(), isPresent, clocks.monotonic().nanoTime());
        }
      }
    }
  }

  @Override
  public void step(Consumer<Fact> corrections) {
    NodesView view = bus.nodes();
    Truth now = truth;
    long nowNs = clocks.monotonic().nanoTime();
    isDenialDue |= denials.isReturn(view, nowNs);
    if (!view.isSettled() || now == null) {
      return;
    }
    if (!isRecalled) {
      recall(view);
      isRecalled = true;
    }
    if (!view.hasNodesOf(compared)) {
      reports.deny(denials, view.newcomers(compared));
      compared = view;
      comparedNs = nowNs;
      isReleaseDue = true;
      compare(view, now, corrections);
    } else if (isBack(view)) {
      comparedNs = nowNs;
      isReleaseDue = true;
      isDenialDue = true;
    } else if (isReleaseDue && nowNs - comparedNs >= CLAIMS_NS) {
      isReleaseDue = false;
      claims.names().forEach(name -> settle(view, name));
      if (isDenialDue) {
        isDenialDue = false;
        denials.forEach(reports::deny);
      }
      compare(view, now, corrections);
    } else {
      disputes.takeInherited().forEach(name -> follow(view, name, now, corrections));
    }
  }

  @Override
  public void settle(Consumer<Fact> corrections) {
    NodesView view = bus.nodes();
    if (!view.isSettled() || truth == null) {
      return;
    }
    long nowNs = clocks.monotonic().nanoTime();
    for (Claims.Name name : disputes.names()) {
      App app = apps.known(name.appId());
      if (app != null && claims.isCoordinator(view, name)) {
        long untilNs = view.missing() == 0 ? nowNs : nowNs - CLAIMS_NS;
        disputes
            .take(name, untilNs)
            .forEach(user -> restateTruth(view, app, name, user, corrections));
      } else {
        var _ = disputes.take(name, nowNs - DISPUTE_NS); // another node has decided them
      }
    }
  }

  /// Reports the truth of a channel or a user, whatever was reported.
  private void restateTruth(
      NodesView view, App app, Claims.Name name, String user, Consumer<Fact> corrections) {
    Presence presence = name.present(user);
    boolean isPresent = isPresent(presence);
    WebhookEvent event = isPresent ? presence.arrival() : presence.departure();
    if (Webhooks.isNeeded(app, event)) {
      var _ = claims.report(view.self(), name, user, isPresent);
      corrections.accept(fact(app, event));
    }
  }

  /// A node that has started meanwhile and coordinates the channel may not know what was reported
  /// before, so each node that does takes it over. Of those that do, one keeps it.
  private void settle(NodesView view, Claims.Name name) {
    if (view.coordinators().contains(view.self())) {
      takeOver(view, name);
      release(view, name);
    }
  }

  /// The claims to a channel have changed.
  private void follow(NodesView view, Claims.Name name, Truth now, Consumer<Fact> corrections) {
    App app = apps.known(name.appId());
    if (app != null && claims.isCoordinator(view, name)) {
      compare(view, app, name, now, corrections);
    } else {
      release(view, name);
    }
  }

  /// True once after this node has heard no other: they may have given it up meanwhile.
  private boolean isBack(NodesView view) {
    boolean wasCutOff = isCutOff;
    int others = view.known().size() - 1;
    isCutOff = others > 0 && (view.missing() >= others || (wasCutOff && view.missing() > 0));
    return wasCutOff && !isCutOff;
  }

  /// What this node has reported before it was started is known to the others, unless there are
  /// none or all were started just now. Then it waits for [Reconciliation].
  private void recall(NodesView view) {
    List<Presence> part = outbox.unconfirmed(null, SLICE);
    while (!part.isEmpty()) {
      boolean isKnown = view.known().size() > 1 && view.hasElders();
      List<Presence> ofOthers = new ArrayList<>();
      for (Presence before : part) {
        if (isKnown || isReported(before)) {
          ofOthers.add(before);
        } else {
          inherit(new Claims.Name(before.appId(), before.channel()), before.userId());
        }
      }
      if (!ofOthers.isEmpty()) {
        var _ = outbox.accept(List.of(), ofOthers);
      }
      part = outbox.unconfirmed(part.getLast(), SLICE);
    }
  }

  private void inherit(Claims.Name name, String userId) {
    synchronized (claims) {
      var _ = claims.report(bus.nodes().self(), name, userId, true);
      reports.publish(name, userId, State.PRESENT);
    }
  }

  /// Gives up the claim to a channel that another node coordinates. While this node drains, it has
  /// it until the others have taken it over.
  private void release(NodesView view, Claims.Name name) {
    if (view.coordinators().contains(view.self()) && !claims.isCoordinator(view, name)) {
      synchronized (claims) {
        claims
            .release(view.self(), name)
            .forEach(user -> reports.publish(name, user, State.RELEASED));
      }
    }
  }

  private void compare(NodesView view, Truth now, Consumer<Fact> corrections) {
    Set<Claims.Name> names = new TreeSet<>(claims.names());
    for (App app : apps.known()) {
      if (!app.webhooks().isEmpty()) {
        now.forEachOccupied(app, channel -> names.add(new Claims.Name(app.id(), channel)));
      }
    }
    for (Claims.Name name : names) {
      App app = apps.known(name.appId());
      if (app != null
          && !name.channel().startsWith(ChannelName.USER_PREFIX)
          && claims.isCoordinator(view, name)) {
        compare(view, app, name, now, corrections);
      }
    }
  }

  private void compare(
      NodesView view, App app, Claims.Name name, Truth now, Consumer<Fact> corrections) {
    takeOver(view, name);
    boolean isOccupied = now.isOccupied(app, name.channel());
    Set<String> members = isOccupied ? now.members(app, name.channel()) : Set.of();
    for (WebhookEvent event : claims.corrections(view.self(), name, isOccupied, members)) {
      Fact correction = fact(app, event);
      if (Webhooks.isNeeded(app, event) && !mayComeBack(correction)) {
        corrections.accept(correction);
      }
    }
  }

  /// True for a departure since before this node was started, which [Reconciliation] reports after
  /// clients had time to come back.
  private boolean mayComeBack(Fact fact) {
    Presence presence = Presence.of(fact);
    return presence != null && !presence.isPresent() && outbox.isUnconfirmed(presence);
  }

  private Fact fact(App app, WebhookEvent event) {
    return new Fact(app, event, clocks.wall().millis(), clocks.monotonic().nanoTime());
  }

  /// Also in the outbox, should all nodes fail. If another node has contradicted the node that has
  /// stopped, the truth is reported once more.
  private void takeOver(NodesView view, Claims.Name name) {
    List<String> users;
    synchronized (claims) {
      users = claims.takeOver(view, name);
      users.forEach(user -> reports.publish(name, user, State.PRESENT));
      long nowNs = clocks.monotonic().nanoTime();
      claims.takeContradicted(name, users).forEach(user -> disputes.add(name, user, nowNs));
    }
    if (!users.isEmpty() && outbox.isOnDisk()) {
      var _ = outbox.accept(List.of(), users.stream().map(name::present).toList());
    }
  }

  @Override
  public boolean isPresent(Presence presence) {
    App app = apps.known(presence.appId());
    Truth now = truth;
    return app != null && now != null && now.isPresent(app, presence.channel(), presence.userId());
  }
}
