package dev.fanfare.bus;

import dev.fanfare.protocol.Member;
import dev.fanfare.protocol.Publication;
import dev.fanfare.protocol.WebhookEvent;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A message from one node to the others: an event, a command, a fact about an entry that the
/// sender owns, or a [Direct] one. Facts are absolute; what a receiver holds of a sender is what
/// the latest said.
public sealed interface BusMessage {

  /// The app that it concerns.
  String appId();

  /// An event for a channel's subscribers.
  ///
  /// @param place among the events that the nodes keep together; null if they do not keep it
  /// @param trace by which the nodes name it to each other; 0 if it is not traced
  record Event(String appId, Publication publication, @Nullable Place place, long trace)
      implements BusMessage {

    /// One that is neither kept nor traced.
    public Event(String appId, Publication publication) {
      this(appId, publication, null);
    }

    /// One that is not traced.
    public Event(String appId, Publication publication, @Nullable Place place) {
      this(appId, publication, place, 0);
    }
  }

  /// The id of an event that the nodes keep together, and of the one before.
  ///
  /// @param ms of the id
  /// @param number of the id
  /// @param previousMs 0 if there was none before
  /// @param previousNumber of the one before
  record Place(long ms, long number, long previousMs, long previousNumber) {

    private static final long PURGE = 0;
    private static final long UNKEPT = 1;

    /// No event, but everything up to this id was purged.
    public static Place purge(long throughMs, long throughNumber) {
      return new Place(0, PURGE, throughMs, throughNumber);
    }

    /// The event could not be kept, as far as its node knows.
    ///
    /// @param ticket in two parts, by which it is recognised if it was kept all the same
    public static Place unkept(long ticket, long ticketNumber) {
      return new Place(0, UNKEPT, ticket, ticketNumber);
    }

    public boolean isPurge() {
      return ms == 0 && number == PURGE;
    }

    public boolean isUnkept() {
      return ms == 0 && number == UNKEPT;
    }
  }

  /// An event that a cache channel keeps, for its subscribers everywhere. It may arrive twice,
  /// first in a snapshot.
  ///
  /// @param version of the channel's content; the highest wins, and no two nodes choose the same
  /// @param remainingMs until it expires
  /// @param isSnapshot it shows only what the channel keeps: events that were published before it,
  ///   and this one itself, may follow for subscribers that have missed them
  /// @param trace by which the nodes name it to each other; 0 if it is not traced
  record Kept(
      String appId,
      Publication publication,
      long version,
      long remainingMs,
      boolean isSnapshot,
      long trace)
      implements BusMessage {

    /// One that was just published, and is not traced.
    public Kept(String appId, Publication publication, long version, long remainingMs) {
      this(appId, publication, version, remainingMs, false, 0);
    }

    /// The same event as a part of a snapshot.
    public Kept asSnapshot() {
      return new Kept(appId, publication, version, remainingMs, true, 0);
    }

    /// The same event later.
    public Kept withRemainingMs(long ms) {
      return new Kept(appId, publication, version, ms, isSnapshot, trace);
    }
  }

  /// Close every connection signed in as the user.
  record TerminateUser(String appId, String userId) implements BusMessage {}

  /// The number of subscriptions of a channel at the sender.
  ///
  /// @param count 0 if there are none any more
  /// @param sinceNs when the first of them was made, on the sender's monotonic clock
  record Interest(String appId, String channel, int count, long sinceNs) implements BusMessage {}

  /// A user's first connection at the sender has joined a presence channel.
  record Joined(String appId, String channel, Member member) implements BusMessage {}

  /// A user's last connection at the sender has left a presence channel.
  ///
  /// @param isHandedOver the sender is draining: the user is expected at another node, and counts
  ///   as present for a few seconds
  record Left(String appId, String channel, String userId, boolean isHandedOver)
      implements BusMessage {}

  /// A user's first connection at the sender has signed in.
  record Online(String appId, String userId) implements BusMessage {}

  /// A user's last connection at the sender has ended.
  record Offline(String appId, String userId) implements BusMessage {}

  /// What the sender's webhooks have reported about a channel or a member. The sender has a claim
  /// to the channel as long as it names something as present.
  ///
  /// @param userId empty for the channel
  /// @param life of the sender
  record Reported(String appId, String channel, String userId, State state, long life)
      implements BusMessage {

    /// What the sender says.
    public enum State {
      /// It was reported as present.
      PRESENT,
      /// It was reported as absent.
      ABSENT,
      /// Another node has the claim.
      RELEASED
    }
  }

  /// A message for one node. It may get lost when the link to that node opens again, so what must
  /// arrive is sent again until it is answered.
  sealed interface Direct extends BusMessage
      permits Undelivered,
          TakenOver,
          Shadows,
          ShadowsKept,
          Returned,
          Adopted,
          Pulses,
          PulsesAccepted,
          ConsoleRequest,
          ConsoleResponse {

    /// The life of the other node: of the receiver where it is sent, of the sender where it
    /// arrives.
    long node();

    /// The same with another node.
    Direct with(long life);
  }

  /// Webhook events of an app that a node which shuts down has not delivered: the next part of
  /// them, for the node that continues.
  ///
  /// @param number of the part, ascending; the same part has the same number when it is sent again
  /// @param events in the order in which the sender has accepted them
  record Undelivered(String appId, long node, long number, List<WebhookDraft> events)
      implements Direct {

    public Undelivered {
      events = List.copyOf(events);
    }

    /// The length of its longest texts together, characters.
    public long chars() {
      return events.stream()
          .mapToLong(draft -> draft.channel().length() + draft.event().length())
          .sum();
    }

    @Override
    public Undelivered with(long life) {
      return new Undelivered(appId, life, number, events);
    }
  }

  /// One webhook event on its way to another node.
  ///
  /// @param endpoint a hash of the app and the endpoint: URLs may contain secrets
  /// @param createdMs when it happened, milliseconds since the epoch
  /// @param event JSON
  record WebhookDraft(long endpoint, String channel, long createdMs, String event) {}

  /// The answer to [Undelivered].
  ///
  /// @param number of the part
  /// @param taken which of its events the sender delivers from now on, by their index
  record TakenOver(String appId, long node, long number, List<Integer> taken) implements Direct {

    public TakenOver {
      taken = List.copyOf(taken);
    }

    @Override
    public TakenOver with(long life) {
      return new TakenOver(appId, life, number, taken);
    }
  }

  /// Webhook events of an app that the sender has accepted and not delivered yet, for the node that
  /// continues should it be killed.
  ///
  /// @param number of this message, ascending; the same when it is sent again
  /// @param added events, which are pending at the sender
  /// @param ended ids of events that are not pending any more
  record Shadows(String appId, long node, long number, List<Shadow> added, List<Long> ended)
      implements Direct {

    public Shadows {
      added = List.copyOf(added);
      ended = List.copyOf(ended);
    }

    /// The length of its longest texts together, characters.
    public long chars() {
      return added.stream()
          .mapToLong(one -> one.draft().channel().length() + one.draft().event().length())
          .sum();
    }

    @Override
    public Shadows with(long life) {
      return new Shadows(appId, life, number, added, ended);
    }
  }

  /// One pending event.
  ///
  /// @param id in the sender's outbox
  record Shadow(long id, WebhookDraft draft) {}

  /// The answer to [Shadows].
  record ShadowsKept(String appId, long node, long number) implements Direct {

    @Override
    public ShadowsKept with(long life) {
      return new ShadowsKept(appId, life, number);
    }
  }

  /// The sender was started again and has these events in its file. The receiver forgets its
  /// shadows of them, unless it has adopted them.
  ///
  /// @param keys which identify events for all nodes
  record Returned(String appId, long node, long number, List<Long> keys) implements Direct {

    public Returned {
      keys = List.copyOf(keys);
    }

    @Override
    public Returned with(long life) {
      return new Returned(appId, life, number, keys);
    }
  }

  /// The answer to [Returned].
  ///
  /// @param adopted the indexes of the events that the sender delivers or has delivered
  record Adopted(String appId, long node, long number, List<Integer> adopted) implements Direct {

    public Adopted {
      adopted = List.copyOf(adopted);
    }

    @Override
    public Adopted with(long life) {
      return new Adopted(appId, life, number, adopted);
    }
  }

  /// Client events and cache misses of an app that the sender has accepted and the receiver reports
  /// by webhooks: the next part of them.
  ///
  /// @param number of the part, ascending; the same part has the same number when it is sent again
  /// @param events in the order in which the sender has accepted them
  record Pulses(String appId, long node, long number, List<Pulse> events) implements Direct {

    public Pulses {
      events = List.copyOf(events);
    }

    /// The length of its longest texts together, characters.
    public long chars() {
      return events.stream().mapToLong(Pulse::chars).sum();
    }

    @Override
    public Pulses with(long life) {
      return new Pulses(appId, life, number, events);
    }
  }

  /// One event that happened once, at one node.
  ///
  /// @param createdMs when it happened, milliseconds since the epoch
  /// @param event a [WebhookEvent.ClientEvent] or a [WebhookEvent.CacheMiss]
  record Pulse(long createdMs, WebhookEvent event) {

    private int chars() {
      int texts =
          event instanceof WebhookEvent.ClientEvent sent
              ? sent.event().length() + sent.data().length()
              : 0;
      return event.channel().length() + texts;
    }
  }

  /// The answer to [Pulses]: all of them are in the sender's outbox.
  record PulsesAccepted(String appId, long node, long number) implements Direct {

    @Override
    public PulsesAccepted with(long life) {
      return new PulsesAccepted(appId, life, number);
    }
  }

  /// A request of the sender's console to that of the receiver. It is not repeated.
  ///
  /// @param number which the response has, too
  /// @param target path and query
  record ConsoleRequest(String appId, long node, long number, String target) implements Direct {

    @Override
    public ConsoleRequest with(long life) {
      return new ConsoleRequest(appId, life, number, target);
    }
  }

  /// A response to a [ConsoleRequest], or one of several. It is not repeated.
  ///
  /// @param number of the request
  /// @param text JSON, or a part of a stream
  record ConsoleResponse(String appId, long node, long number, String text) implements Direct {

    @Override
    public ConsoleResponse with(long life) {
      return new ConsoleResponse(appId, life, number, text);
    }
  }

  /// The number of the app's connections at the sender.
  record Connections(String appId, int count) implements BusMessage {}
}
