package dev.fanfare.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;

/// Every user that can sign in has a valid user channel and can be a member.
final class UserDataFuzzTest {

  @FuzzTest
  void aUserIsValidOrRefused(byte[] bytes) {
    switch (UserData.parse(new String(bytes, StandardCharsets.UTF_8), true)) {
      case Parsed.Bad<UserData> bad -> assertThat(bad.reason()).isNotBlank();
      case Parsed.Ok<UserData> ok -> isValid(ok.value());
    }
  }

  private static void isValid(UserData user) {
    String channel = ChannelName.USER_PREFIX + user.id();
    assertThat(ChannelName.parse(channel, Integer.MAX_VALUE)).isInstanceOf(Parsed.Ok.class);
    assertThat(JsonFields.of(user.infoJson())).isNotNull();
    assertThat(user.watchlist()).doesNotContainNull();
  }
}
