package dev.fanfare.channel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.channel.lane.Subscription;
import dev.fanfare.protocol.Member;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What one client knows about the members of a presence channel. Checks that each notice is news
/// to it, and that it knows the sender of each event.
final class MemberView {

  private static final Pattern NOTICE =
      Pattern.compile(
          "\\{\"event\":\"pusher_internal:member_(added|removed)\",\"channel\":\"[^\"]*\","
              + "\"data\":\"\\{\\\\\"user_id\\\\\":\\\\\"(\\w+)\\\\\"(?:,\\\\\"user_info\\\\\":(.*))?\\}\"\\}");
  private static final Pattern EVENT =
      Pattern.compile(".*\"client-e\".*\"data\":\"(\\d+)\",\"user_id\":\"(\\w+)\"\\}");

  private final Subscription subscription;
  private final String userId;
  private final Map<String, Member> members = new HashMap<>();
  private final int eventsBefore;
  private int next;

  /// @param next the first received message that is not part of the acknowledgement
  /// @param eventsBefore how many were published before: those still on the way may be from users
  ///   that have left
  MemberView(Join.Joined joined, int next, int eventsBefore) {
    this.subscription = joined.subscription();
    this.userId = Objects.requireNonNull(subscription.userId());
    this.next = next;
    this.eventsBefore = eventsBefore;
    for (Member member : Objects.requireNonNull(joined.members())) {
      assertThat(members.put(member.userId(), member)).as("listed twice").isNull();
    }
    assertThat(members).as("itself").containsKey(userId);
  }

  Subscription subscription() {
    return subscription;
  }

  String userId() {
    return userId;
  }

  @Nullable Member member(String id) {
    return members.get(id);
  }

  Collection<Member> members() {
    return members.values();
  }

  void take(List<String> received) {
    for (; next < received.size(); next++) {
      String text = received.get(next);
      Matcher notice = NOTICE.matcher(text);
      Matcher event = EVENT.matcher(text);
      if (notice.matches()) {
        onNotice(notice.group(1), notice.group(2), notice.group(3));
      } else {
        assertThat(event.matches()).as(text).isTrue();
        if (Integer.parseInt(event.group(1)) >= eventsBefore) {
          assertThat(members).as("sender of %s", text).containsKey(event.group(2));
        }
      }
    }
  }

  private void onNotice(String what, String id, @Nullable String info) {
    assertThat(id).as("a notice about itself").isNotEqualTo(userId);
    if (what.equals("removed")) {
      assertThat(members.remove(id)).as("removed, but unknown: %s", id).isNotNull();
    } else {
      Member member = new Member(id, String.valueOf(info).replace("\\\"", "\""));
      assertThat(members.put(id, member)).as("added twice: %s", id).isNull();
    }
  }
}
