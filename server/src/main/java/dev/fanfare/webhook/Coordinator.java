package dev.fanfare.webhook;

import dev.fanfare.app.App;
import dev.fanfare.app.Apps;
import dev.fanfare.bus.Bus;
import dev.fanfare.bus.BusMessage;
import dev.fanfare.bus.BusMessage.Reported.State;
import dev.fanfare.bus.NodesView;
import dev.fanfare.channel.Channel;
import dev.fanfare.channel.Channels;
import dev.fanfare.protocol.ChannelName;
import dev.fanfare.protocol.Member;
import dev.fanfare.protocol.WebhookEvent;
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
import java.util.stream.Collectors;
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

  /// As many restarts leave behind at most; read in parts.
  private static final int SLICE = 1_000;

  private final Apps apps;
  private final Bus bus;
  private final Outbox outbox;
  private final Webhooks.Clocks clocks;
  private final Claims claims = new Claims();
  private volatile @Nullable Channels channels;
  private volatile boolean isDisputed;

  // Confined to the thread of Intake.
  private final Denials denials = new Denials();
  private NodesView compared = NodesView.ALONE;
  private boolean isRecalled;
  private boolean isReleaseDue;
  private boolean isDenialDue;
  private long comparedNs;

  /// @param outbox also remembers what was reported, across restarts
  Coordinator(Apps apps, Bus bus, Outbox outbox, Webhooks.Clocks clocks) {
    this.apps = apps;
    this.bus = bus;
    this.outbox = outbox;
    this.clocks = clocks;
  }

  /// From now on the truth is known.
  void join(Channels all) {
    channels = all;
  }

  /// Another node has reported something.
  void receive(BusMessage.Reported message) {
    if (apps.known(message.appId()) != null) {
      NodesView view = bus.nodes();
      claims.receive(view, message);
      if (message.state() == State.ABSENT) {
        retract(view, new Claims.Name(message.appId(), message.channel()), message.userId());
      }
    }
  }

  /// Another node has reported as absent what this one has reported as present, while both were cut
  /// off from each other.
  private void retract(NodesView view, Claims.Name name, String userId) {
    synchronized (claims) {
      if (claims.report(view.self(), name, userId, false)) {
        publish(name, userId, State.RELEASED);
        isDisputed = true;
      }
    }
  }

  /// Publishes what this node has reported, each channel at once, for other nodes that missed some.
  Iterator<Runnable> facts() {
    return claims.names().stream().<Runnable>map(name -> () -> restate(name)).iterator();
  }

  private void restate(Claims.Name name) {
    synchronized (claims) {
      long self = bus.nodes().self();
      claims.reported(self, name).forEach(user -> publish(name, user, State.PRESENT));
    }
  }

  private void publish(Claims.Name name, String userId, State state) {
    bus.publish(
        new BusMessage.Reported(name.appId(), name.channel(), userId, state, bus.nodes().self()));
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
      return !(fact.event() instanceof SubscriptionCount) || isCoordinator(name(fact));
    }
    return isCoordinator(name(fact))
        && claims.report(bus.nodes().self(), name(fact), presence.userId(), presence.isPresent());
  }

  @Override
  public void accepted(List<Fact> facts) {
    synchronized (claims) {
      for (Fact fact : facts) {
        Presence presence = Presence.of(fact);
        if (presence != null) {
          boolean isPresent = presence.isPresent();
          publish(name(fact), presence.userId(), isPresent ? State.PRESENT : State.ABSENT);
          denials.report(name(fact), presence.userId(), isPresent, clocks.monotonic().nanoTime());
        }
      }
    }
  }

  @Override
  public void step(Consumer<Fact> corrections) {
    NodesView view = bus.nodes();
    Channels all = channels;
    if (!view.isSettled() || all == null) {
      return;
    }
    long nowNs = clocks.monotonic().nanoTime();
    if (!isRecalled) {
      recall(view);
      isRecalled = true;
    }
    boolean wasDisputed = isDisputed;
    if (!view.hasNodesOf(compared)) {
      isDenialDue |= denials.isReturn(compared, view, nowNs);
      compared = view;
      comparedNs = nowNs;
      isReleaseDue = true;
      compare(view, all, corrections);
    } else if (isReleaseDue && nowNs - comparedNs >= CLAIMS_NS) {
      isReleaseDue = false;
      release(view);
      if (isDenialDue) {
        isDenialDue = false;
        denials.forEach(this::deny);
      }
      compare(view, all, corrections);
    } else if (wasDisputed) {
      isDisputed = false;
      compare(view, all, corrections);
    }
  }

  /// Nodes that have a claim to the channel report the truth once more.
  private void deny(Claims.Name name, String userId) {
    synchronized (claims) {
      if (!claims.isReported(bus.nodes().self(), name, userId)) {
        publish(name, userId, State.PRESENT); // an absent one is published once
        publish(name, userId, State.ABSENT);
      }
    }
  }

  /// What this node has reported before it was started is known to the others, unless there are
  /// none.
  private void recall(NodesView view) {
    List<Presence> part = outbox.unconfirmed(null, SLICE);
    while (!part.isEmpty()) {
      if (view.known().size() > 1) {
        var _ = outbox.accept(List.of(), part);
      } else {
        for (Presence before : part) {
          inherit(new Claims.Name(before.appId(), before.channel()), before.userId());
        }
      }
      part = outbox.unconfirmed(part.getLast(), SLICE);
    }
  }

  private void inherit(Claims.Name name, String userId) {
    synchronized (claims) {
      var _ = claims.report(bus.nodes().self(), name, userId, true);
      publish(name, userId, State.PRESENT);
    }
  }

  /// Gives up the claims to channels that another node coordinates. While this node drains, it has
  /// them until the others have taken them over.
  private void release(NodesView view) {
    if (!view.coordinators().contains(view.self())) {
      return;
    }
    for (Claims.Name name : claims.names()) {
      if (!claims.isCoordinator(view, name)) {
        synchronized (claims) {
          claims.release(view.self(), name).forEach(user -> publish(name, user, State.RELEASED));
        }
      }
    }
  }

  private void compare(NodesView view, Channels all, Consumer<Fact> corrections) {
    Set<Claims.Name> names = new TreeSet<>(claims.names());
    for (App app : apps.known()) {
      if (!app.webhooks().isEmpty()) {
        all.forEachOccupied(
            app, channel -> names.add(new Claims.Name(app.id(), channel.name().value())));
      }
    }
    for (Claims.Name name : names) {
      App app = apps.known(name.appId());
      if (app != null
          && !name.channel().startsWith(ChannelName.USER_PREFIX)
          && claims.isCoordinator(view, name)) {
        compare(view, app, name, all, corrections);
      }
    }
  }

  private void compare(
      NodesView view, App app, Claims.Name name, Channels all, Consumer<Fact> corrections) {
    takeOver(view, name);
    boolean isOccupied = isOccupied(all, app, name.channel());
    Set<String> members = isOccupied ? members(all, app, name.channel()) : Set.of();
    claims.settle(view, name, isOccupied, members);
    for (WebhookEvent event : claims.corrections(view.self(), name, isOccupied, members)) {
      if (Webhooks.isNeeded(app, event)) {
        corrections.accept(
            new Fact(app, event, clocks.wall().millis(), clocks.monotonic().nanoTime()));
      }
    }
  }

  /// Also in the outbox, should all nodes fail.
  private void takeOver(NodesView view, Claims.Name name) {
    List<Presence> inherited = new ArrayList<>();
    synchronized (claims) {
      for (String user : claims.takeOver(view, name)) {
        publish(name, user, State.PRESENT);
        inherited.add(new Presence(name.appId(), name.channel(), user, true));
      }
    }
    if (!inherited.isEmpty() && outbox.isOnDisk()) {
      var _ = outbox.accept(List.of(), inherited);
    }
  }

  private static boolean isOccupied(Channels all, App app, String channel) {
    Channel found = all.find(app, channel);
    return found != null && found.isOccupied();
  }

  private static Set<String> members(Channels all, App app, String channel) {
    return all.members(app, channel).stream().map(Member::userId).collect(Collectors.toSet());
  }

  @Override
  public boolean isPresent(Presence presence) {
    App app = apps.known(presence.appId());
    Channels all = channels;
    return app != null
        && all != null
        && isOccupied(all, app, presence.channel())
        && (presence.userId().isEmpty()
            || members(all, app, presence.channel()).contains(presence.userId()));
  }
}
