package dev.fanfare.channel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.channel.lane.Subscription;
import dev.fanfare.history.KeptEvent;
import dev.fanfare.protocol.Member;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What one client of several nodes knows about one channel, from its acknowledgement and from what
/// it has received since.
final class SharedView {

  private static final Pattern EVENT =
      Pattern.compile("\\{\"event\":\"e\",\"channel\":\"([^\"]*)\",\"data\":\"(\\d+)\"\\}");
  private static final Pattern NOTICE =
      Pattern.compile(
          "\\{\"event\":\"pusher_internal:(\\w+)\",\"channel\":\"([^\"]*)\",\"data\":\"(.*)\"\\}");
  private static final Pattern USER = Pattern.compile("user_id\\\\\":\\\\\"(\\w+)");
  private static final Pattern COUNT = Pattern.compile("(\\d+)");

  private final int node;
  private final Subscription subscription;
  private final List<String> received;
  private final long joinedAtNs;
  private final @Nullable Set<String> members;
  private final List<Integer> events = new ArrayList<>();
  private final List<String> notices = new ArrayList<>();
  private int count = -1;

  /// The next received message to look at.
  private int next;

  SharedView(int node, Join.Joined joined, List<String> received, long joinedAtNs) {
    this.node = node;
    this.subscription = joined.subscription();
    this.received = received;
    this.joinedAtNs = joinedAtNs;
    this.next = received.size();
    List<Member> snapshot = joined.members();
    members = snapshot == null ? null : userIds(snapshot);
    if (members != null) {
      assertThat(members).contains(Objects.requireNonNull(subscription.userId()));
    }
    KeptEvent kept = joined.kept();
    if (kept != null) {
      events.add(Integer.valueOf(kept.data()));
    }
  }

  private static Set<String> userIds(List<Member> members) {
    Set<String> userIds = new HashSet<>();
    members.forEach(member -> assertThat(userIds.add(member.userId())).isTrue());
    return userIds;
  }

  int node() {
    return node;
  }

  Subscription subscription() {
    return subscription;
  }

  long joinedAtNs() {
    return joinedAtNs;
  }

  @Nullable String userId() {
    return subscription.userId();
  }

  /// Null unless it is a presence channel.
  @Nullable Set<String> members() {
    return members;
  }

  List<Integer> events() {
    return events;
  }

  /// `+user` and `-user`.
  List<String> notices() {
    return notices;
  }

  /// The last subscription count; -1 if there was none.
  int count() {
    return count;
  }

  /// Takes in what the connection has received on this channel.
  void check() {
    String channel = subscription.channelName().value();
    for (; next < received.size(); next++) {
      Matcher event = EVENT.matcher(received.get(next));
      Matcher notice = NOTICE.matcher(received.get(next));
      if (event.matches() && event.group(1).equals(channel)) {
        int number = Integer.parseInt(event.group(2));
        assertThat(events).as("received twice").doesNotContain(number);
        events.add(number);
      } else if (notice.matches() && notice.group(2).equals(channel)) {
        onNotice(notice.group(1), notice.group(3));
      }
    }
  }

  private void onNotice(String what, String data) {
    if (what.equals("subscription_count")) {
      count = Integer.parseInt(find(COUNT, data));
      return;
    }
    String user = find(USER, data);
    assertThat(user).as("a notice about itself").isNotEqualTo(userId());
    Set<String> known = Objects.requireNonNull(members);
    if (what.equals("member_added")) {
      assertThat(known.add(user)).as("added twice: %s", user).isTrue();
      notices.add("+" + user);
    } else {
      assertThat(what).isEqualTo("member_removed");
      assertThat(known.remove(user)).as("removed, but unknown: %s", user).isTrue();
      notices.add("-" + user);
    }
  }

  private static String find(Pattern pattern, String text) {
    Matcher matcher = pattern.matcher(text);
    assertThat(matcher.find()).as(text).isTrue();
    return matcher.group(1);
  }
}
