package dev.fanfare.history;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.protocol.Parsed;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ClientTagTest {

  @ParameterizedTest
  @CsvSource({"phone-1,phone-1,''", "phone_1~3f2A,phone_1,3f2A", "~3f2a,'',3f2a"})
  void hasADeviceASessionOrBoth(String text, String device, String session) {
    assertThat(ClientTag.parse(text)).isEqualTo(new Parsed.Ok<>(new ClientTag(device, session)));
    assertThat(new ClientTag(device, session)).hasToString(text);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "~", "a~", "a~b~c", "a.b", "a/b", "a b", "ä", "%7E"})
  void isRefusedInAnyOtherForm(String text) {
    assertThat(ClientTag.parse(text)).isInstanceOf(Parsed.Bad.class);
  }

  @Test
  void eachPartHasALimit() {
    String longest = "x".repeat(64);
    assertThat(ClientTag.parse(longest + "~" + longest)).isInstanceOf(Parsed.Ok.class);
    assertThat(ClientTag.parse(longest + "x")).isInstanceOf(Parsed.Bad.class);
    assertThat(ClientTag.parse("~" + longest + "x")).isInstanceOf(Parsed.Bad.class);
  }
}
