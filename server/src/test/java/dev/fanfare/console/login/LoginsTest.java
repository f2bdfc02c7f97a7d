package dev.fanfare.console.login;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.testing.ManualClock;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Passwords, how often they may be wrong, and what a reload does to sessions.
final class LoginsTest {

  private static final String HERE = "10.0.0.7";
  private static final String THERE = "10.0.0.8";
  private static final Logins.Denied WRONG = new Logins.Denied(401, "Name or password is wrong");
  private static final Logins.Denied TOO_MANY =
      new Logins.Denied(429, "Five logins were wrong: try again in a minute");

  private static final ConsoleUser ANN = user("ann", Role.OPERATOR, "correct horse", "1");

  private static final ConsoleUser BOB = user("bob", Role.VIEWER, "battery staple");

  private final ManualClock clock = new ManualClock();
  private final Logins logins = new Logins(List.of(ANN, BOB), clock, new SecureRandom());

  private static ConsoleUser user(String name, Role role, String password, String... apps) {
    PasswordHash hash = PasswordHash.of(password, new SecureRandom());
    return new ConsoleUser(name, role, hash, List.of(apps));
  }

  private String login(String name, String password) {
    return logins.byPassword(name, password, HERE) instanceof Logins.Welcome welcome
        ? welcome.token()
        : "";
  }

  private boolean isOpen(String token) {
    return logins.sessions().use(token) != null;
  }

  @Test
  void aHashIsWhatTheReferenceImplementationMakes() {
    PasswordHash hash =
        Objects.requireNonNull(
            PasswordHash.parse(
                "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ"
                    + "$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc"));
    assertThat(hash.matches("password")).isTrue();
    assertThat(hash.matches("Password")).isFalse();
    assertThat(hash.matches("")).isFalse();
  }

  @Test
  void aNewHashIsReadAgain() {
    PasswordHash hash = PasswordHash.of("pässword", new SecureRandom());
    assertThat(hash.text()).startsWith("$argon2id$v=19$m=19456,t=2,p=1$");
    assertThat(hash).hasToString("********");
    PasswordHash read = Objects.requireNonNull(PasswordHash.parse(hash.text()));
    assertThat(read).isEqualTo(hash);
    assertThat(read.matches("pässword")).isTrue();
    assertThat(read.matches("passwort")).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "secret",
        "$argon2i$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
        "$argon2id$v=16$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
        "$argon2id$v=19$m=65537,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
        "$argon2id$v=19$m=16,t=2,p=4$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
        "$argon2id$v=19$m=65536,t=11,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
        "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$short",
        "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc\n"
      })
  void whatCostsTooMuchOrIsNoHashIsRefused(String text) {
    assertThat(PasswordHash.parse(text)).isNull();
  }

  @Test
  void aPasswordLogsIn() {
    assertThat(logins.byPassword("ann", "correct horse", HERE))
        .isInstanceOfSatisfying(
            Logins.Welcome.class,
            welcome -> {
              assertThat(welcome.caller().role()).isEqualTo(Role.OPERATOR);
              assertThat(welcome.caller().sees("1")).isTrue();
              assertThat(welcome.caller().sees("2")).isFalse();
              assertThat(isOpen(welcome.token())).isTrue();
            });
    assertThat(logins.byPassword("ann", "battery staple", HERE)).isEqualTo(WRONG);
    assertThat(logins.byPassword("Ann", "correct horse", HERE)).isEqualTo(WRONG);
    assertThat(logins.byPassword("eve", "", HERE)).isEqualTo(WRONG);
    assertThat(logins.byPassword("ann", "x".repeat(2_000), HERE)).isEqualTo(WRONG);
  }

  @Test
  void fiveWrongOnesLockAnAccountForAMinute() {
    for (int i = 0; i < 5; i++) {
      assertThat(logins.byPassword("ann", "x", "10.0.0." + i)).isEqualTo(WRONG);
      clock.advance(Duration.ofSeconds(1));
    }
    assertThat(logins.byPassword("ann", "correct horse", HERE)).isEqualTo(TOO_MANY);
    assertThat(login("bob", "battery staple")).isNotEmpty();
    clock.advance(Duration.ofSeconds(55));
    assertThat(login("ann", "correct horse")).isNotEmpty();
  }

  @Test
  void fiveWrongOnesLockAnAddressForAMinute() {
    for (int i = 0; i < 5; i++) {
      assertThat(logins.byPassword("user" + i, "x", HERE)).isEqualTo(WRONG);
    }
    assertThat(logins.byPassword("ann", "correct horse", HERE)).isEqualTo(TOO_MANY);
    assertThat(logins.byLink("x", HERE)).isEqualTo(TOO_MANY);
    assertThat(logins.byPassword("ann", "correct horse", THERE)).isInstanceOf(Logins.Welcome.class);
    clock.advance(Duration.ofMinutes(1));
    assertThat(login("ann", "correct horse")).isNotEmpty();
  }

  @Test
  void fewAccountsAndAddressesAreRemembered() {
    Attempts attempts = new Attempts(clock);
    for (int i = 0; i < 5; i++) {
      attempts.wrong("ann", HERE);
    }
    assertThat(attempts.areTooMany("ann", THERE)).isTrue();
    for (int i = 0; i < Attempts.MAX; i++) {
      attempts.wrong("user" + i, THERE);
    }
    assertThat(attempts.size()).isEqualTo(Attempts.MAX);
    assertThat(attempts.areTooMany("ann", "10.0.0.9")).isFalse();
  }

  @Test
  void linksAreForServersWithoutUsers() {
    assertThat(logins.link()).isNull();
    logins.use(List.of());
    String link = Objects.requireNonNull(logins.link());
    assertThat(logins.byLink(link, HERE)).isInstanceOf(Logins.Welcome.class);
    String unused = Objects.requireNonNull(logins.link());
    logins.use(List.of(ANN));
    assertThat(logins.byLink(unused, HERE)).isInstanceOf(Logins.Denied.class);
    logins.use(List.of());
    assertThat(logins.byLink(unused, HERE)).isInstanceOf(Logins.Denied.class);
  }

  @Test
  void aReloadEndsTheSessionsOfUsersWhoHaveChanged() {
    String ann = login("ann", "correct horse");
    String bob = login("bob", "battery staple");
    logins.use(List.of(ANN, new ConsoleUser("bob", Role.ADMIN, BOB.hash(), List.of())));
    assertThat(isOpen(ann)).isTrue();
    assertThat(isOpen(bob)).isFalse();
    bob = login("bob", "battery staple");
    logins.use(List.of(user("ann", Role.OPERATOR, "correct horse", "1"), BOB));
    assertThat(isOpen(ann)).isFalse();
    assertThat(isOpen(bob)).isFalse();
    ann = login("ann", "correct horse");
    logins.use(List.of());
    assertThat(isOpen(ann)).isFalse();
  }

  @Test
  void sessionsOfLinksEndOnceThereAreUsers() {
    logins.use(List.of());
    Logins.Outcome outcome = logins.byLink(Objects.requireNonNull(logins.link()), HERE);
    String token = ((Logins.Welcome) outcome).token();
    logins.use(List.of());
    assertThat(isOpen(token)).isTrue();
    logins.use(List.of(ANN));
    assertThat(isOpen(token)).isFalse();
  }
}
