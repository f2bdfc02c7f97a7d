package dev.fanfare.cluster.sim;

import dev.fanfare.channel.lane.Frames;
import dev.fanfare.channel.lane.Lane;
import dev.fanfare.channel.lane.Losses;
import dev.fanfare.protocol.ClientMessage;
import dev.fanfare.protocol.CloseCode;
import dev.fanfare.protocol.ServerMessage;
import dev.fanfare.protocol.Signature;
import dev.fanfare.session.Connection;
import dev.fanfare.session.Session;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// A client with one subscription, perhaps signed in: remembers what it is sent, and what must not
/// be sent to it is a violation.
final class SimClient implements Connection {

  /// A notice that a member has left.
  record Removal(String user, long atMs) {}

  private final World world;
  private final int number;
  final String user;
  final String channel;
  final SimNode node;

  /// The users that it watches; null if it does not sign in.
  private final @Nullable List<String> watchlist;

  /// World time.
  final long sinceMs;

  long untilMs = Long.MAX_VALUE;

  /// The server has closed the connection.
  private boolean isTerminated;

  /// What the cache channel had for it; 0 for nothing.
  private long cached;

  /// The last subscription count.
  private int count = -1;

  private final Set<String> view = new TreeSet<>();

  /// All that were ever in the view.
  private final Set<String> known = new HashSet<>();

  private final Set<String> online = new TreeSet<>();
  private final List<Long> events = new ArrayList<>();
  private final Set<Long> seen = new HashSet<>();
  private final List<Removal> removals = new ArrayList<>();
  private @Nullable Session session;
  private boolean isWritten;

  SimClient(
      World world,
      int number,
      String user,
      String channel,
      @Nullable List<String> watchlist,
      SimNode node) {
    this.world = world;
    this.number = number;
    this.user = user;
    this.channel = channel;
    this.watchlist = watchlist;
    this.node = node;
    this.sinceMs = world.nowMs();
  }

  /// Connects, signs in and subscribes.
  void open(Session newSession) {
    session = newSession;
    if (!newSession.onOpen(120)) {
      world.violate("refused: " + this);
    }
    if (watchlist != null) {
      String data =
          "{\"id\":\"" + user + "\",\"watchlist\":[\"" + String.join("\",\"", watchlist) + "\"]}";
      newSession.onMessage(
          new ClientMessage.SignIn(auth(Signature.signIn(socketId(), data)), data));
    }
    String data = hasMembers() ? "{\"user_id\":\"" + user + "\",\"user_info\":{\"n\":1}}" : null;
    String auth = hasMembers() ? auth(Signature.subscription(socketId(), channel, data)) : null;
    newSession.onMessage(new ClientMessage.Subscribe(channel, auth, data));
  }

  private static String auth(String toSign) {
    return SimServer.APP.key() + ":" + SimServer.APP.secret().signature().sign(toSign);
  }

  boolean hasMembers() {
    return channel.startsWith("presence-");
  }

  /// Sends a client event.
  void trigger(long event) {
    Objects.requireNonNull(session)
        .onMessage(new ClientMessage.ClientEvent("client-e", channel, Long.toString(event)));
  }

  /// The connection is closed, by either side.
  void closed() {
    untilMs = world.nowMs();
    Objects.requireNonNull(session).onClosed(CloseCode.NORMAL.code(), "", () -> {});
  }

  @Override
  public String socketId() {
    return "1." + number;
  }

  @Override
  public String address() {
    return "127.0.0.1:1";
  }

  @Override
  public Lane lane() {
    return node.server().lane(number);
  }

  @Override
  public void send(ServerMessage message) {
    switch (message) {
      case ServerMessage.SubscriptionSucceeded(var _, var members) -> {
        if (members != null) {
          members.forEach(member -> view.add(member.userId()));
          known.addAll(view);
          if (!view.contains(user)) {
            world.violate("a member list without the member itself: " + this);
          }
        }
      }
      case ServerMessage.Event(var _, var _, String data, var _, var _) -> {
        world.trace(this + " is given " + data);
        cached = Long.parseLong(data);
      }
      case ServerMessage.WatchlistEvents(List<String> came, List<String> went) -> {
        for (String each : came) {
          if (!online.add(each)) {
            world.violate("online twice: " + each + " at " + this);
          }
        }
        // The first one lists those who are offline.
        online.removeAll(went);
      }
      case ServerMessage.ConnectionEstablished _,
          ServerMessage.SigninSuccess _,
          ServerMessage.CacheMiss _ -> {}
      default -> world.violate(this + " was sent " + message);
    }
  }

  @Override
  public boolean isUnflushed() {
    return isWritten;
  }

  @Override
  public boolean mayReplay(Runnable whenSent) {
    return true;
  }

  @Override
  public @Nullable Losses losses() {
    return null;
  }

  @Override
  public boolean onDeliver(Frames frames) {
    ((SimFrames) frames).texts().forEach(this::onText);
    boolean isFirst = !isWritten;
    isWritten = true;
    return isFirst;
  }

  @Override
  public void onFlush() {
    isWritten = false;
  }

  @Override
  public void onDeliveryFailed(Throwable cause) {
    world.violate("a delivery failed at " + this + ": " + cause);
  }

  @Override
  public void onFellBehind(String reason) {
    world.violate(this + " fell behind: " + reason);
  }

  @Override
  public void ping(byte[] payload) {
    throw new AssertionError("no subscription may be resumed");
  }

  @Override
  public void checkSoon() {
    throw new AssertionError("no subscription may be resumed");
  }

  @Override
  public void close(CloseCode code, String reason) {
    world.trace(this + " is closed");
    if (code != CloseCode.UNAUTHORIZED) {
      world.violate(this + " was closed with " + code);
    }
    isTerminated = true;
    node.server().closeSoon(this);
  }

  private void onText(String text) {
    if (!isThere()) {
      world.violate("a message after the close of " + this + ": " + text);
    } else if (text.startsWith("{\"event\":\"pusher_internal:member_added\"")) {
      onAdded(userId(text));
    } else if (text.startsWith("{\"event\":\"pusher_internal:member_removed\"")) {
      onRemoved(userId(text));
    } else if (text.startsWith("{\"event\":\"pusher_internal:subscription_count\"")) {
      count = Integer.parseInt(word(text, "subscription_count\\\":"));
    } else {
      onEvent(Long.parseLong(word(text, "\"data\":\"")));
      int sender = text.indexOf("\"user_id\":\"");
      boolean isUnknown = sender >= 0 && !known.contains(word(text, "\"user_id\":\""));
      if (isUnknown && !node.hasFaults()) {
        world.violate("an event of an unknown member at " + this + ": " + text);
      }
    }
  }

  private static String userId(String text) {
    return word(text, "user_id\\\":\\\"");
  }

  /// The letters and digits that follow a text.
  private static String word(String text, String before) {
    int from = text.indexOf(before) + before.length();
    int to = from;
    while (Character.isLetterOrDigit(text.charAt(to))) {
      to++;
    }
    return text.substring(from, to);
  }

  private void onAdded(String member) {
    world.trace(this + " + " + member);
    known.add(member);
    if (!view.add(member)) {
      world.violate("member_added twice: " + member + " at " + this);
    }
  }

  private void onRemoved(String member) {
    world.trace(this + " - " + member);
    removals.add(new Removal(member, world.nowMs()));
    if (!view.remove(member) || member.equals(user)) {
      world.violate("member_removed of an unknown member: " + member + " at " + this);
    }
  }

  private void onEvent(long event) {
    world.trace(this + " gets " + event);
    if (!seen.add(event) || event == cached) {
      world.violate("event " + event + " twice at " + this);
    }
    events.add(event);
  }

  int number() {
    return number;
  }

  boolean isThere() {
    return untilMs == Long.MAX_VALUE;
  }

  boolean isSignedIn() {
    return watchlist != null;
  }

  boolean isTerminated() {
    return isTerminated;
  }

  Set<String> view() {
    return view;
  }

  /// The watched users that are online, as far as it knows.
  Set<String> online() {
    return online;
  }

  /// The last subscription count; -1 if there was none.
  int count() {
    return count;
  }

  /// The event that its subscription began with, 0 if there was none.
  long cached() {
    return cached;
  }

  /// In the order of arrival, with the cached one.
  List<Long> events() {
    List<Long> all = new ArrayList<>(events);
    if (cached != 0) {
      all.addFirst(cached);
    }
    return all;
  }

  boolean hasSeen(long event) {
    return seen.contains(event);
  }

  /// True if it has got the event that its channel keeps, from the cache or since.
  ///
  /// @param kept empty for none
  boolean hasSeenLast(String kept) {
    return kept.isEmpty()
        || seen.contains(Long.valueOf(kept))
        || Long.toString(cached).equals(kept);
  }

  List<Removal> removals() {
    return removals;
  }

  @Override
  public String toString() {
    return user + "#" + number + "@" + node.slot() + "/" + channel;
  }
}
