package dev.fanfare.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.app.App;
import java.security.SecureRandom;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class FreshAppTest {

  @Test
  void itsCredentialsWorkWithEveryClient() {
    Random random = new Random(1);
    for (int i = 0; i < 1_000; i++) {
      App app = FreshApp.create(random);
      assertThat(app.id()).matches("[1-9][0-9]{5,6}");
      assertThat(app.key()).matches("[0-9a-f]{20}");
      assertThat(app.secret().reveal()).matches("[0-9a-f]{40}");
    }
  }

  @Test
  void itIsNewAtEachStart() {
    SecureRandom random = new SecureRandom();
    Set<String> secrets = new HashSet<>();
    for (int i = 0; i < 100; i++) {
      secrets.add(FreshApp.create(random).secret().reveal());
    }
    assertThat(secrets).hasSize(100);
  }

  @Test
  void everyOptionalFeatureIsOn() {
    App app = FreshApp.create(new Random(1));
    assertThat(app.options().clientEvents()).isTrue();
    assertThat(app.options().subscriptionCounts()).isTrue();
    assertThat(app.options().watchlists()).isTrue();
    assertThat(app.toString()).doesNotContain(app.secret().reveal());
  }
}
