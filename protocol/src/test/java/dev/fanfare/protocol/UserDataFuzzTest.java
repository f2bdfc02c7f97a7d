package dev.fanfare.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;

/// Whoever may sign in has a channel of its own and can be a member.
final class UserDataFuzzTest {

  @FuzzTest
  void aUserIsSoundOrRefused(byte[] bytes) {
    switch (UserData.parse(new String(bytes, StandardCharsets.UTF_8), true)) {
      case Parsed.Bad<UserData> bad -> assertThat(bad.reason()).isNotBlank();
      case Parsed.Ok<UserData> ok -> isSound(ok.value());
    }
  }

  private static void isSound(UserData user) {
    String channel = ChannelName.USER_PREFIX + user.id();
    assertThat(ChannelName.parse(channel, Integer.MAX_VALUE)).isInstanceOf(Parsed.Ok.class);
    assertThat(JsonFields.of(user.infoJson())).isNotNull();
    assertThat(user.watchlist()).doesNotContainNull();
  }
}
