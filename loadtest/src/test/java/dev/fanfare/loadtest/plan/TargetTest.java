package dev.fanfare.loadtest.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

final class TargetTest {

  @Test
  void loopbackNeedsNoPermission() {
    assertThatCode(() -> target("127.0.0.1").requireOwned(false)).doesNotThrowAnyException();
    assertThatCode(() -> target("127.9.9.9").requireOwned(false)).doesNotThrowAnyException();
    assertThatCode(() -> target("::1").requireOwned(false)).doesNotThrowAnyException();
  }

  @Test
  void otherAddressesAreRefusedUnlessOwned() {
    assertThatThrownBy(() -> target("192.0.2.1").requireOwned(false))
        .isInstanceOf(Refusal.class)
        .hasMessageStartingWith("192.0.2.1 is not a loopback address.")
        .hasMessageContaining("--i-own-this-server");
    assertThatCode(() -> target("192.0.2.1").requireOwned(true)).doesNotThrowAnyException();
  }

  @Test
  void addressesOfVersionSixAreBracketed() {
    assertThat(target("::1").authority()).isEqualTo("[::1]:6001");
    assertThat(target("localhost").authority()).isEqualTo("localhost:6001");
  }

  @Test
  void sentencesEndWithOneFullStop() {
    assertThat(new Refusal("It said: No!.").sentence()).isEqualTo("It said: No.");
    assertThat(new Refusal("It said: No.").sentence()).isEqualTo("It said: No.");
  }

  private static Target target(String host) {
    return TargetBuilder.builder()
        .host(host)
        .port(6001)
        .tls(false)
        .insecure(false)
        .appId("id")
        .key("key")
        .secret("secret")
        .build();
  }
}
