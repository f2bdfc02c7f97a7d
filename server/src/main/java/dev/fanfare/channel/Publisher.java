package dev.fanfare.channel;

import dev.fanfare.app.App;
import dev.fanfare.app.ChannelKey;
import dev.fanfare.app.HistoryRule;
import dev.fanfare.app.LiveApp;
import dev.fanfare.bus.Bus;
import dev.fanfare.bus.BusMessage;
import dev.fanfare.channel.lane.DeliveryTrace;
import dev.fanfare.channel.lane.Lanes;
import dev.fanfare.channel.lane.Outbound;
import dev.fanfare.channel.lane.Subscription;
import dev.fanfare.history.EventId;
import dev.fanfare.history.History;
import dev.fanfare.history.shared.Arrival;
import dev.fanfare.history.shared.SharedLog;
import dev.fanfare.history.shared.SharedStore;
import dev.fanfare.observe.ServerListener;
import dev.fanfare.protocol.Parsed;
import dev.fanfare.protocol.Publication;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The only way to publish. Returns when the event is queued for the lanes of this node and handed
/// to the bus, without waiting for any socket. Any thread.
public final class Publisher {

  /// Is notified of each event that was accepted.
  @FunctionalInterface
  public interface Accepted {

    /// Called once per channel of the request.
    ///
    /// @param subscribers connections subscribed to the channel on this node at that moment
    /// @param receipt has the id of the event, if the channel keeps it under a rule
    void onAccepted(Publication publication, int subscribers, Receipt receipt);
  }

  private static final Accepted SILENT = (_, _, _) -> {};

  private final Channels channels;
  private final Lanes lanes;
  private final Bus bus;
  private final Changes changes;
  private final ServerListener listener;

  /// Null without a console.
  private final @Nullable Tracing tracing;

  /// A publisher whose events are not traced.
  public Publisher(
      Channels channels, Lanes lanes, Bus bus, Changes changes, ServerListener listener) {
    this(channels, lanes, bus, changes, listener, null);
  }

  /// @param changes receives the client events
  /// @param listener counts all events
  /// @param tracing remembers them; null if nothing does
  public Publisher(
      Channels channels,
      Lanes lanes,
      Bus bus,
      Changes changes,
      ServerListener listener,
      @Nullable Tracing tracing) {
    this.tracing = tracing;
    this.channels = channels;
    this.lanes = lanes;
    this.bus = bus;
    this.changes = changes;
    this.listener = listener;
  }

  /// Publishes all of the events in order, or none and fails, without a full stop, if a lane with
  /// subscribers is overloaded; the caller then refuses the request.
  public Parsed<Parsed.Passed> publish(LiveApp live, List<Publication> publications) {
    return publish(live, publications, SILENT);
  }

  /// The same, and notifies `accepted` of each event, in order.
  public Parsed<Parsed.Passed> publish(
      LiveApp live, List<Publication> publications, Accepted accepted) {
    return publish(live, publications, null, accepted);
  }

  /// The same.
  ///
  /// @param address of the publisher; null if it has none
  public Parsed<Parsed.Passed> publish(
      LiveApp live,
      List<Publication> publications,
      @Nullable Supplier<String> address,
      Accepted accepted) {
    if (publications.size() == 1) {
      return publishOne(live, publications.getFirst(), address, accepted);
    }
    App app = live.current();
    @Nullable Channel[] found = new Channel[publications.size()];
    for (int i = 0; i < found.length; i++) {
      Publication publication = publications.get(i);
      found[i] = channels.find(app, publication.channel().value());
      Parsed<Parsed.Passed> room = checkRoom(app, found[i], publication);
      if (room instanceof Parsed.Bad) {
        return room;
      }
    }
    for (int i = 0; i < found.length; i++) {
      accept(live, found[i], publications.get(i), address, accepted);
    }
    return Parsed.PASSED;
  }

  /// Most requests publish one event; this needs no array.
  private Parsed<Parsed.Passed> publishOne(
      LiveApp live,
      Publication publication,
      @Nullable Supplier<String> address,
      Accepted accepted) {
    App app = live.current();
    Channel channel = channels.find(app, publication.channel().value());
    Parsed<Parsed.Passed> room = checkRoom(app, channel, publication);
    if (room instanceof Parsed.Ok) {
      accept(live, channel, publication, address, accepted);
    }
    return room;
  }

  private void accept(
      LiveApp live,
      @Nullable Channel channel,
      Publication publication,
      @Nullable Supplier<String> address,
      Accepted accepted) {
    Receipt receipt = deliver(live, channel, publication, address);
    accepted.onAccepted(publication, channel == null ? 0 : channel.localSubscribers(), receipt);
  }

  /// Publishes the event of a client that is subscribed to its channel, or fails, without a full
  /// stop, if a lane with subscribers is overloaded, or if it must be written and cannot be.
  public Parsed<Parsed.Passed> relay(LiveApp live, Subscription sender, Publication publication) {
    Channel channel = Channel.of(sender);
    App app = live.current();
    Parsed<Parsed.Passed> disk = checkDisk(app, List.of(publication));
    Parsed<Parsed.Passed> room =
        disk instanceof Parsed.Bad ? disk : checkRoom(app, channel, publication);
    if (room instanceof Parsed.Ok) {
      var _ = deliver(live, channel, publication, null);
      changes.report(new Change.ClientEvent(live.current(), channel, publication));
    }
    return room;
  }

  /// True if no lane with subscribers is too busy for an event of another node.
  public boolean hasRoom(LiveApp live, Publication publication) {
    App app = live.current();
    Channel channel = channels.find(app, publication.channel().value());
    return checkRoom(app, channel, publication) instanceof Parsed.Ok;
  }

  /// Completes when these events, which were published, are written; with false if some of them
  /// could not be. Null if no rule writes any of them. Any thread.
  public @Nullable CompletableFuture<Boolean> written(App app, List<Publication> publications) {
    return app.history().isEmpty() ? null : channels.retention().written(app, publications);
  }

  /// True if the nodes of a cluster keep events of this app together. Any thread.
  public boolean isShared(App app) {
    return !app.history().isEmpty() && channels.retention().isShared();
  }

  /// Fails, without a full stop, if a rule must write one of these events and cannot. Any thread.
  public Parsed<Parsed.Passed> checkDisk(App app, List<Publication> publications) {
    return app.history().isEmpty()
        ? Parsed.PASSED
        : channels.retention().checkDisk(app, publications);
  }

  private Parsed<Parsed.Passed> checkRoom(
      App app, @Nullable Channel channel, Publication publication) {
    if (!app.history().isEmpty()) {
      Parsed<Parsed.Passed> store = channels.retention().checkRoom(app, publication);
      if (store instanceof Parsed.Bad<Parsed.Passed>) {
        return store;
      }
    }
    return channel == null ? Parsed.PASSED : lanes.checkRoom(channel, publication.origin());
  }

  private Receipt deliver(
      LiveApp live,
      @Nullable Channel channel,
      Publication publication,
      @Nullable Supplier<String> address) {
    String name = publication.channel().value();
    listener.published(live.current(), name, publication.origin(), publication.data().length());
    DeliveryTrace trace =
        tracing == null ? null : begin(tracing, live, channel, publication, address);
    if (channels.retention().keeps(live, channel, publication)) {
      HistoryRule shared = channels.retention().sharedRule(live.current(), publication);
      return shared == null
          ? new Receipt(channels.keep(live, publication, trace), null)
          : share(live, shared, publication, trace == null ? 0 : trace.id());
    }
    deliverAtOnce(live, channel, publication, trace);
    return Receipt.NONE;
  }

  private static @Nullable DeliveryTrace begin(
      Tracing tracing,
      LiveApp live,
      @Nullable Channel channel,
      Publication publication,
      @Nullable Supplier<String> address) {
    int subscribers = channel == null ? 0 : channel.localSubscribers();
    return tracing.begin(live.current(), publication, subscribers, address);
  }

  private void deliverAtOnce(
      LiveApp live,
      @Nullable Channel channel,
      Publication publication,
      @Nullable DeliveryTrace trace) {
    bus.publish(live.id(), publication, trace == null ? 0 : trace.id());
    if (channel != null) {
      lanes.deliver(Outbound.event(channel, publication).tracedBy(trace));
    }
  }

  /// The engine of the cluster decides where the event belongs among those of all nodes. If it
  /// cannot, the event is delivered at once, and is not kept.
  private Receipt share(LiveApp live, HistoryRule rule, Publication publication, long trace) {
    CompletableFuture<@Nullable EventId> later = new CompletableFuture<>();
    SharedStore store = channels.retention().shared();
    EventId ticket = store.ticket();
    var _ =
        store
            .append(live.id(), rule, publication, ticket)
            .whenComplete((appended, failure) -> {
              EventId id = failure == null ? appended.id() : null;
              try {
                if (id == null) {
                  deliverUnkept(live, publication, ticket, trace);
                } else {
                  BusMessage.Place place =
                      new BusMessage.Place(
                          id.ms(),
                          id.number(),
                          appended.previous().ms(),
                          appended.previous().number());
                  bus.publish(new BusMessage.Event(live.id(), publication, place, trace));
                  var _ = offer(live, publication, id, appended.previous());
                }
              } finally {
                later.complete(id);
              }
            });
    return new Receipt(null, later);
  }

  private void deliverUnkept(LiveApp live, Publication publication, EventId ticket, long trace) {
    BusMessage.Place place = BusMessage.Place.unkept(ticket.ms(), ticket.number());
    bus.publish(new BusMessage.Event(live.id(), publication, place, trace));
    Channel channel = channels.find(live.current(), publication.channel().value());
    SharedLog log = log(channel);
    if (log != null) {
      log.delivered(ticket);
    }
    if (channel != null) {
      lanes.deliver(Outbound.event(channel, publication));
    }
  }

  private static @Nullable SharedLog log(@Nullable Channel channel) {
    History history = channel == null ? null : channel.history();
    return history != null && history.log() instanceof SharedLog log ? log : null;
  }

  /// Delivers an event after those before it; false if the channel has no log for that here.
  private boolean offer(LiveApp live, Publication publication, EventId id, EventId previous) {
    String name = publication.channel().value();
    SharedLog log = log(channels.find(live.current(), name));
    if (log == null) {
      return false;
    }
    log.offer(new Arrival(id, previous, publication));
    channels.drain(live.id(), name);
    return true;
  }

  /// Delivers an event that another node has published: it goes to those of this node's
  /// subscriptions that are older, and nowhere else.
  ///
  /// @param asOfNs when it was published, on the clock of the bus
  public void deliverFromBus(LiveApp live, BusMessage.Event event, long asOfNs) {
    BusMessage.Place place = event.place();
    Publication publication = event.publication();
    if (place != null && place.isPurge()) {
      EventId through = previous(place);
      long nowNs = channels.clock.nanoTime();
      channels.begin(
          live,
          publication.channel().value(),
          channel -> channels.retention().purged(channel, through, nowNs));
      return;
    }
    if (place != null && place.isUnkept()) {
      noteUnkept(live, publication, previous(place));
    }
    boolean isOffered =
        place != null
            && !place.isUnkept()
            && offer(live, publication, new EventId(place.ms(), place.number()), previous(place));
    if (!isOffered) {
      channels.remoteEvent(
          live, publication, asOfNs, arrived(live, publication, event.trace(), asOfNs));
    }
  }

  /// What is notified of the delivery of an event that another node traces; null for nothing.
  ///
  /// @param trace 0 if it is not traced
  /// @param asOfNs when it was published, on the clock of the bus
  public @Nullable DeliveryTrace arrived(
      LiveApp live, Publication publication, long trace, long asOfNs) {
    Channel channel =
        tracing == null || trace == 0
            ? null
            : channels.find(live.current(), publication.channel().value());
    int subscribers = channel == null ? 0 : channel.localSubscribers();
    return tracing == null || subscribers == 0
        ? null
        : tracing.arrived(live.current(), publication, trace, asOfNs, subscribers);
  }

  private static EventId previous(BusMessage.Place place) {
    return new EventId(place.previousMs(), place.previousNumber());
  }

  /// Another node could not keep an event: this one reports it too, should that one be killed.
  private void noteUnkept(LiveApp live, Publication publication, EventId ticket) {
    App app = live.current();
    String name = publication.channel().value();
    SharedLog log = log(channels.find(app, name));
    HistoryRule rule = channels.retention().sharedRule(app, publication);
    if (log != null && rule != null) {
      log.delivered(ticket);
      channels.retention().shared().lose(new ChannelKey(app.id(), name), rule);
    }
  }
}
