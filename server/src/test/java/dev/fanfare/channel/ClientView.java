package dev.fanfare.channel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.channel.lane.Subscription;
import dev.fanfare.history.KeptEvent;
import dev.fanfare.protocol.Member;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What one client knows about one channel that it subscribed to, from the acknowledgement and the
/// messages that followed. Checks that each message is new to it.
final class ClientView {

  private static final Pattern EVENT =
      Pattern.compile("\\{\"event\":\"e\",\"channel\":\"([^\"]*)\",\"data\":\"(\\d+)\"\\}");
  private static final Pattern INTERNAL =
      Pattern.compile(
          "\\{\"event\":\"pusher_internal:(\\w+)\",\"channel\":\"([^\"]*)\",\"data\":\"(.*)\"\\}");

  private final Subscription subscription;
  private final int publishedBefore;
  private final int fromCache;
  private final Set<String> members = new HashSet<>();
  private final List<String> events = new ArrayList<>();
  private int count = -1;

  /// The next received message to look at.
  private int next;

  ClientView(Join.Joined joined, int next, int publishedBefore) {
    this.subscription = joined.subscription();
    this.next = next;
    this.publishedBefore = publishedBefore;
    KeptEvent cached = joined.kept();
    this.fromCache = cached == null ? 0 : 1;
    if (cached != null) {
      events.add(cached.data());
    }
    List<Member> snapshot = joined.members();
    if (snapshot != null) {
      snapshot.forEach(member -> members.add(member.userId()));
    }
  }

  Subscription subscription() {
    return subscription;
  }

  /// Events published to the channel before this client joined.
  int publishedBefore() {
    return publishedBefore;
  }

  /// Events that were not part of the acknowledgement.
  List<String> delivered() {
    return events.subList(fromCache, events.size());
  }

  Set<String> members() {
    return members;
  }

  List<String> events() {
    return events;
  }

  /// The last subscription count; -1 if there was none.
  int count() {
    return count;
  }

  /// Takes in what the connection has received on this channel.
  void check(List<String> received, String channel) {
    for (; next < received.size(); next++) {
      String text = received.get(next);
      Matcher event = EVENT.matcher(text);
      Matcher internal = INTERNAL.matcher(text);
      if (event.matches()) {
        if (event.group(1).equals(channel)) {
          events.add(event.group(2));
        }
      } else if (internal.matches() && internal.group(2).equals(channel)) {
        onNotice(internal.group(1), internal.group(3));
      }
    }
    assertThat(events.stream().map(Integer::valueOf)).isSorted().doesNotHaveDuplicates();
  }

  private void onNotice(String notice, String data) {
    String digits = data.replaceAll("\\D", "");
    switch (notice) {
      case "member_added" -> assertThat(members.add("u" + digits)).as(data).isTrue();
      case "member_removed" -> assertThat(members.remove("u" + digits)).as(data).isTrue();
      case "subscription_count" -> count = Integer.parseInt(digits);
      default -> throw new AssertionError(notice);
    }
  }
}
