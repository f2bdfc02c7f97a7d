package dev.fanfare.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/// Every accepted member is within the limits and produces valid frames, which contain `user_info`
/// as is.
final class MemberFuzzTest {

  @FuzzTest
  void aMemberIsValidOrRefused(byte[] bytes) {
    String channelData = new String(bytes, StandardCharsets.UTF_8);
    switch (Member.parse(channelData, Limits.HOSTED)) {
      case Parsed.Bad<Member> bad -> assertThat(bad.reason()).isNotBlank();
      case Parsed.Ok<Member> ok -> isValid(ok.value());
    }
  }

  private static void isValid(Member member) {
    assertThat(member.userId()).hasSizeBetween(1, Limits.HOSTED.maxUserIdChars());
    assertThat(member.infoJson().getBytes(StandardCharsets.UTF_8))
        .hasSizeLessThanOrEqualTo(Limits.HOSTED.maxPresenceMemberBytes());
    Map<String, String> info = JsonFields.of(member.infoJson());
    Map<String, String> added = data(new ServerMessage.MemberAdded("presence-x", member));
    assertThat(added).containsEntry("user_id", member.userId());
    assertThat(JsonFields.of(added.getOrDefault("user_info", ""))).isEqualTo(info);
    String paired =
        new String(member.userId().getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
    if (!paired.equals(member.userId())) {
      return; // valid JSON, but this test's reader rejects half a surrogate pair in a property name
    }
    Map<String, String> presence =
        JsonFields.of(
            data(new ServerMessage.SubscriptionSucceeded("presence-x", List.of(member)))
                .getOrDefault("presence", ""));
    assertThat(JsonFields.of(presence.getOrDefault("hash", ""))).containsOnlyKeys(member.userId());
  }

  private static Map<String, String> data(ServerMessage message) {
    return JsonFields.of(JsonFields.of(MessageWriter.write(message)).getOrDefault("data", ""));
  }
}
