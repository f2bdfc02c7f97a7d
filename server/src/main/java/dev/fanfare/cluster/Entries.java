package dev.fanfare.cluster;

import dev.fanfare.bus.BusMessage;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// What one node owns: subscriptions, members, sign-ins and connections. A node has one of these
/// for itself and one for each other node. Texts are shared with the messages that they came from.
/// Confined to one thread.
///
/// @param <V> what is noted with each entry
final class Entries<V> {

  /// Most channels have few members of one node.
  private static final int FEW = 4;

  /// Counts below this share their [Interest], if their notes are equal.
  private static final int SHARED_COUNTS = 16;

  /// A channel's subscriptions.
  private record Interest<V>(int count, V value) {}

  /// What one app has.
  private static final class OfApp<V> {
    private final Map<String, Interest<V>> interests = new HashMap<>();
    private final Map<String, Map<String, V>> members = new HashMap<>();
    private final Map<String, V> online = new HashMap<>();

    /// By channel and user; the channel itself has an empty user.
    private final Map<String, Map<String, V>> reported = new HashMap<>();

    private @Nullable Interest<V> connections;

    boolean isEmpty() {
      return interests.isEmpty()
          && members.isEmpty()
          && online.isEmpty()
          && reported.isEmpty()
          && connections == null;
    }
  }

  private final Map<String, OfApp<V>> apps = new HashMap<>();

  /// By count: those of another node have few different ones, and the same note in most channels.
  private final List<@Nullable Interest<V>> latest =
      new ArrayList<>(Collections.nCopies(SHARED_COUNTS, null));

  private final Digest digest = new Digest();
  private int memberCount;
  private int subscriptionCount;
  private int channelCount;

  Digest digest() {
    return digest;
  }

  int members() {
    return memberCount;
  }

  int subscriptions() {
    return subscriptionCount;
  }

  /// Channels with subscriptions.
  int channels() {
    return channelCount;
  }

  boolean hasInterest(String app, String channel) {
    OfApp<V> of = apps.get(app);
    return of != null && of.interests.containsKey(channel);
  }

  /// The subscriptions of a channel.
  int count(String app, String channel) {
    OfApp<V> of = apps.get(app);
    Interest<V> interest = of == null ? null : of.interests.get(channel);
    return interest == null ? 0 : interest.count;
  }

  boolean hasMember(String app, String channel, String user) {
    OfApp<V> of = apps.get(app);
    return of != null && of.members.getOrDefault(channel, Map.of()).containsKey(user);
  }

  /// Applies a fact.
  ///
  /// @param value to note with the entry, if it exists afterwards
  /// @return false if it was known
  boolean apply(BusMessage fact, V value) {
    String app = fact.appId();
    OfApp<V> of = apps.computeIfAbsent(app, _ -> new OfApp<>());
    boolean isNews =
        switch (fact) {
          case BusMessage.Interest interest -> interest(app, of, interest, value);
          case BusMessage.Joined joined ->
              joined(app, of, joined.channel(), joined.member().userId(), value);
          case BusMessage.Left left -> left(app, of, left.channel(), left.userId());
          case BusMessage.Online online -> online(app, of, online.userId(), value);
          case BusMessage.Offline offline -> offline(app, of, offline.userId());
          case BusMessage.Reported reported -> reported(of, reported, value);
          case BusMessage.Connections connections ->
              connections(app, of, connections.count(), value);
          case BusMessage.Event _,
              BusMessage.Kept _,
              BusMessage.TerminateUser _,
              BusMessage.Direct _ ->
              throw new IllegalArgumentException(fact.toString());
        };
    if (of.isEmpty()) {
      apps.remove(app);
    }
    return isNews;
  }

  private boolean interest(String app, OfApp<V> of, BusMessage.Interest fact, V value) {
    Interest<V> known = of.interests.get(fact.channel());
    int before = known == null ? 0 : known.count;
    subscriptionCount += fact.count() - before;
    channelCount += Integer.signum(fact.count()) - Integer.signum(before);
    if (known != null) {
      digest.remove(Digest.Kind.INTEREST, app, fact.channel(), null, before);
    }
    if (fact.count() == 0) {
      of.interests.remove(fact.channel());
    } else {
      of.interests.put(fact.channel(), shared(fact.count(), value));
    }
    if (fact.count() > 0) {
      digest.add(Digest.Kind.INTEREST, app, fact.channel(), null, fact.count());
    }
    return before != fact.count();
  }

  private Interest<V> shared(int count, V value) {
    if (count >= SHARED_COUNTS) {
      return new Interest<>(count, value);
    }
    Interest<V> known = latest.get(count);
    if (known == null || !known.value.equals(value)) {
      known = new Interest<>(count, value);
      latest.set(count, known);
    }
    return known;
  }

  private boolean joined(String app, OfApp<V> of, String channel, String user, V value) {
    boolean isNews =
        of.members.computeIfAbsent(channel, _ -> new HashMap<>(FEW)).put(user, value) == null;
    if (isNews) {
      memberCount++;
      digest.add(Digest.Kind.MEMBER, app, channel, user, 0);
    }
    return isNews;
  }

  private boolean left(String app, OfApp<V> of, String channel, String user) {
    Map<String, V> users = of.members.get(channel);
    if (users == null || users.remove(user) == null) {
      return false;
    }
    if (users.isEmpty()) {
      of.members.remove(channel);
    }
    memberCount--;
    digest.remove(Digest.Kind.MEMBER, app, channel, user, 0);
    return true;
  }

  private boolean online(String app, OfApp<V> of, String user, V value) {
    boolean isNews = of.online.put(user, value) == null;
    if (isNews) {
      digest.add(Digest.Kind.ONLINE, app, null, user, 0);
    }
    return isNews;
  }

  private boolean offline(String app, OfApp<V> of, String user) {
    boolean isNews = of.online.remove(user) != null;
    if (isNews) {
      digest.remove(Digest.Kind.ONLINE, app, null, user, 0);
    }
    return isNews;
  }

  private boolean connections(String app, OfApp<V> of, int count, V value) {
    Interest<V> known = of.connections;
    int before = known == null ? 0 : known.count;
    if (known != null) {
      digest.remove(Digest.Kind.CONNECTIONS, app, null, null, before);
    }
    of.connections = count == 0 ? null : new Interest<>(count, value);
    if (count > 0) {
      digest.add(Digest.Kind.CONNECTIONS, app, null, null, count);
    }
    return before != count;
  }

  /// Forgets an app, as if nothing had been reported for it.
  ///
  /// @return its channels with subscriptions
  Map<String, Boolean> forget(String app) {
    OfApp<V> of = apps.remove(app);
    if (of == null) {
      return Map.of();
    }
    Map<String, Boolean> channels = channels(of);
    end(app, of, _ -> true, 0, _ -> {});
    return channels;
  }

  private static <V> Map<String, Boolean> channels(OfApp<V> of) {
    Map<String, Boolean> channels = HashMap.newHashMap(of.interests.size());
    of.interests.keySet().forEach(channel -> channels.put(channel, true));
    return channels;
  }

  /// Not in the digest: it is kept by the receiver when the sender is gone.
  private static <V> boolean reported(OfApp<V> of, BusMessage.Reported reported, V value) {
    if (reported.state() == BusMessage.Reported.State.PRESENT) {
      return of.reported
              .computeIfAbsent(reported.channel(), _ -> new HashMap<>(FEW))
              .put(reported.userId(), value)
          == null;
    }
    Map<String, V> users = of.reported.get(reported.channel());
    if (users == null || users.remove(reported.userId()) == null) {
      return false;
    }
    if (users.isEmpty()) {
      of.reported.remove(reported.channel());
    }
    return true;
  }

  /// Everything that is noted.
  void forEach(Consumer<V> consumer) {
    for (OfApp<V> of : apps.values()) {
      if (of.connections != null) {
        consumer.accept(of.connections.value);
      }
      of.interests.values().forEach(interest -> consumer.accept(interest.value));
      of.members.values().forEach(users -> users.values().forEach(consumer));
      of.online.values().forEach(consumer);
    }
    forEachReported(consumer);
  }

  /// What is noted with reports of webhooks.
  void forEachReported(Consumer<V> consumer) {
    for (OfApp<V> of : apps.values()) {
      of.reported.values().forEach(users -> users.values().forEach(consumer));
    }
  }

  /// The channels with subscriptions, by app.
  Map<String, Map<String, Boolean>> interests() {
    Map<String, Map<String, Boolean>> copy = new HashMap<>();
    apps.forEach((app, of) -> copy.put(app, channels(of)));
    return copy;
  }

  /// Ends the entries with such a note, without what webhooks have reported.
  ///
  /// @param nowNs the time of the facts
  /// @param ended receives a fact for each of them: first the members of an app, then the rest
  void end(Predicate<V> isOver, long nowNs, Consumer<BusMessage> ended) {
    Iterator<Map.Entry<String, OfApp<V>>> all = apps.entrySet().iterator();
    while (all.hasNext()) {
      Map.Entry<String, OfApp<V>> next = all.next();
      end(next.getKey(), next.getValue(), isOver, nowNs, ended);
      if (next.getValue().isEmpty()) {
        all.remove();
      }
    }
  }

  private void end(
      String app, OfApp<V> of, Predicate<V> isOver, long nowNs, Consumer<BusMessage> ended) {
    Iterator<Map.Entry<String, Map<String, V>>> channels = of.members.entrySet().iterator();
    while (channels.hasNext()) {
      Map.Entry<String, Map<String, V>> channel = channels.next();
      channel
          .getValue()
          .entrySet()
          .removeIf(user -> {
            if (!isOver.test(user.getValue())) {
              return false;
            }
            memberCount--;
            digest.remove(Digest.Kind.MEMBER, app, channel.getKey(), user.getKey(), 0);
            ended.accept(new BusMessage.Left(app, channel.getKey(), user.getKey(), false));
            return true;
          });
      if (channel.getValue().isEmpty()) {
        channels.remove();
      }
    }
    of.interests
        .entrySet()
        .removeIf(channel -> {
          Interest<V> interest = channel.getValue();
          if (!isOver.test(interest.value)) {
            return false;
          }
          subscriptionCount -= interest.count;
          channelCount--;
          digest.remove(Digest.Kind.INTEREST, app, channel.getKey(), null, interest.count);
          ended.accept(new BusMessage.Interest(app, channel.getKey(), 0, nowNs));
          return true;
        });
    of.online
        .entrySet()
        .removeIf(user -> {
          if (!isOver.test(user.getValue())) {
            return false;
          }
          digest.remove(Digest.Kind.ONLINE, app, null, user.getKey(), 0);
          ended.accept(new BusMessage.Offline(app, user.getKey()));
          return true;
        });
    Interest<V> connections = of.connections;
    if (connections != null && isOver.test(connections.value)) {
      of.connections = null;
      digest.remove(Digest.Kind.CONNECTIONS, app, null, null, connections.count);
      ended.accept(new BusMessage.Connections(app, 0));
    }
  }

  /// Ends what webhooks have reported, with such a note.
  ///
  /// @param state what is said of it
  /// @param ended receives a fact for each of them
  void endReported(
      Predicate<V> isOver, BusMessage.Reported.State state, Consumer<BusMessage> ended) {
    Iterator<Map.Entry<String, OfApp<V>>> all = apps.entrySet().iterator();
    while (all.hasNext()) {
      Map.Entry<String, OfApp<V>> next = all.next();
      String app = next.getKey();
      Iterator<Map.Entry<String, Map<String, V>>> channels =
          next.getValue().reported.entrySet().iterator();
      while (channels.hasNext()) {
        Map.Entry<String, Map<String, V>> channel = channels.next();
        channel
            .getValue()
            .entrySet()
            .removeIf(user -> {
              if (!isOver.test(user.getValue())) {
                return false;
              }
              ended.accept(new BusMessage.Reported(app, channel.getKey(), user.getKey(), state, 0));
              return true;
            });
        if (channel.getValue().isEmpty()) {
          channels.remove();
        }
      }
      if (next.getValue().isEmpty()) {
        all.remove();
      }
    }
  }
}
