package dev.fanfare.console.login;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.testing.ManualClock;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// Sessions and links, with the time in the test's hands.
final class LoginSessionsTest {

  private static final Caller ANN = new Caller("ann", Role.OPERATOR, Set.of());
  private static final Caller BOB = new Caller("bob", Role.VIEWER, Set.of("1"));

  private final ManualClock clock = new ManualClock();
  private final LoginSessions sessions = new LoginSessions(clock, new SecureRandom());
  private final OneTimeLinks links = new OneTimeLinks(clock, new SecureRandom());

  private boolean isOpen(String token) {
    return sessions.use(token) != null;
  }

  @Test
  void aSessionEndsAfterHalfAnHourWithoutARequest() {
    String token = sessions.open(ANN, null);
    clock.advance(Duration.ofMinutes(29));
    LoginSession session = Objects.requireNonNull(sessions.use(token));
    assertThat(session.caller()).isEqualTo(ANN);
    clock.advance(Duration.ofMinutes(29));
    assertThat(session.isOpen()).isTrue();
    assertThat(isOpen(token)).isTrue();
    clock.advance(Duration.ofMinutes(30));
    assertThat(session.isOpen()).isFalse();
    assertThat(isOpen(token)).isFalse();
  }

  @Test
  void aSessionEndsAfterTwelveHours() {
    String token = sessions.open(ANN, null);
    for (int minutes = 0; minutes < 12 * 60 - 10; minutes += 10) {
      clock.advance(Duration.ofMinutes(10));
      assertThat(isOpen(token)).isTrue();
    }
    clock.advance(Duration.ofMinutes(10));
    assertThat(isOpen(token)).isFalse();
  }

  @Test
  void sessionsHaveDifferentTokens() {
    String first = sessions.open(ANN, null);
    String second = sessions.open(ANN, null);
    assertThat(first).hasSize(43).isNotEqualTo(second);
    sessions.close(first);
    assertThat(isOpen(first)).isFalse();
    assertThat(isOpen(second)).isTrue();
    sessions.close("never opened");
    assertThat(isOpen("")).isFalse();
  }

  @Test
  void aboveTheLimitTheOneThatWasIdleForLongestEnds() {
    String oldest = sessions.open(ANN, null);
    clock.advance(Duration.ofSeconds(1));
    String second = sessions.open(ANN, null);
    clock.advance(Duration.ofSeconds(1));
    assertThat(isOpen(oldest)).isTrue();
    for (int i = 2; i < LoginSessions.MAX; i++) {
      sessions.open(BOB, null);
    }
    assertThat(isOpen(second)).isTrue();
    assertThat(isOpen(oldest)).isTrue();
    clock.advance(Duration.ofSeconds(1));
    assertThat(isOpen(oldest)).isTrue();
    for (int i = 0; i < LoginSessions.MAX - 1; i++) {
      sessions.open(BOB, null);
    }
    assertThat(sessions.size()).isEqualTo(LoginSessions.MAX);
    assertThat(isOpen(second)).isFalse();
  }

  @Test
  void sessionsThatHaveEndedAreForgotten() {
    sessions.open(ANN, null);
    clock.advance(Duration.ofHours(1));
    sessions.open(ANN, null);
    assertThat(sessions.size()).isEqualTo(1);
  }

  @Test
  void aLinkWorksOnceAndForTenMinutes() {
    String first = links.create();
    String second = links.create();
    assertThat(first).hasSize(22).isNotEqualTo(second);
    assertThat(links.use(first)).isTrue();
    assertThat(links.use(first)).isFalse();
    clock.advance(Duration.ofMinutes(10));
    assertThat(links.use(second)).isFalse();
  }

  @Test
  void ofManyLinksTheOldestAreVoid() {
    String first = links.create();
    String second = links.create();
    for (int i = 1; i < OneTimeLinks.MAX; i++) {
      links.create();
    }
    assertThat(links.use(first)).isFalse();
    assertThat(links.use(second)).isTrue();
    links.create();
    links.clear();
    assertThat(links.use(links.create())).isTrue();
  }
}
