package dev.fanfare.channel;

import dev.fanfare.protocol.ChannelName;
import dev.fanfare.protocol.Member;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What a channel is, said as simply as possible: its subscribers, its users by age, its events.
final class ChannelModel {

  private record Published(String data, @Nullable Integer except) {}

  private final ChannelName name;
  private final Map<Integer, String> subscribers = new LinkedHashMap<>();
  private final Map<String, Member> users = new LinkedHashMap<>();
  private final List<Published> events = new ArrayList<>();
  private long cacheExpiresNs;

  ChannelModel(ChannelName name) {
    this.name = name;
  }

  ChannelName name() {
    return name;
  }

  int subscribers() {
    return subscribers.size();
  }

  /// Events published so far.
  int published() {
    return events.size();
  }

  boolean isFullFor(Member member, int maxMembers) {
    return users.size() >= maxMembers && !users.containsKey(member.userId());
  }

  void join(int connection, @Nullable Member member) {
    subscribers.put(connection, member == null ? "" : member.userId());
    if (member != null) {
      users.putIfAbsent(member.userId(), member);
    }
  }

  void leave(int connection) {
    String userId = subscribers.remove(connection);
    if (!subscribers.containsValue(userId)) {
      users.remove(userId);
    }
  }

  void publish(String data, @Nullable Integer except, long expiresNs) {
    events.add(new Published(data, except));
    cacheExpiresNs = expiresNs;
  }

  /// The members, oldest first; null unless it is a presence channel.
  @Nullable List<Member> members() {
    return name.hasMembers() ? List.copyOf(users.values()) : null;
  }

  Set<String> userIds() {
    return new HashSet<>(users.keySet());
  }

  /// The data of the event that a new subscriber gets; null if there is none.
  @Nullable String cached(long nowNs) {
    boolean isKept = name.isCached() && !events.isEmpty() && nowNs - cacheExpiresNs < 0;
    return isKept ? events.getLast().data : null;
  }

  /// What a connection must have received that joined when `before` events were published.
  List<String> dueTo(int connection, int before) {
    return events.subList(before, events.size()).stream()
        .filter(event -> !Integer.valueOf(connection).equals(event.except))
        .map(Published::data)
        .toList();
  }

  /// What a connection must not have received.
  List<String> excludedFrom(int connection) {
    return events.stream()
        .filter(event -> Integer.valueOf(connection).equals(event.except))
        .map(Published::data)
        .toList();
  }
}
