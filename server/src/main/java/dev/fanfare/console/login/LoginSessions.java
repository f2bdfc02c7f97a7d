package dev.fanfare.console.login;

import dev.fanfare.observe.NanoClock;
import java.security.SecureRandom;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// The sessions of browsers, in memory only and at most [#MAX]: of more, the one that was idle for
/// longest ends. Any thread.
public final class LoginSessions {

  /// Sessions at a time.
  public static final int MAX = 1_000;

  private static final int TOKEN_BITS = 256;

  private final NanoClock clock;
  private final RandomToken tokens;

  /// By the digests of their tokens; guarded by this.
  private final Map<String, LoginSession> open = new HashMap<>();

  public LoginSessions(NanoClock clock, SecureRandom random) {
    this.clock = clock;
    this.tokens = new RandomToken(random);
  }

  /// Begins one; returns its token, which only the browser has.
  ///
  /// @param user null for one that begins with a link
  public synchronized String open(Caller caller, @Nullable ConsoleUser user) {
    open.values().removeIf(session -> !session.isOpen());
    if (open.size() >= MAX) {
      long nowNs = clock.nanoTime();
      open.entrySet().stream()
          .max(Comparator.comparingLong(each -> nowNs - each.getValue().usedNs()))
          .ifPresent(idlest -> end(idlest.getKey()));
    }
    String token = tokens.next(TOKEN_BITS);
    open.put(RandomToken.digest(token), new LoginSession(caller, user, clock));
    return token;
  }

  /// The session of a token, which is in use now; null if it has ended or never was.
  public synchronized @Nullable LoginSession use(String token) {
    LoginSession session = open.get(RandomToken.digest(token));
    if (session == null || !session.isOpen()) {
      return null;
    }
    session.touch();
    return session;
  }

  /// Ends one, if there is such a session.
  public synchronized void close(String token) {
    end(RandomToken.digest(token));
  }

  private void end(String digest) {
    LoginSession session = open.remove(digest);
    if (session != null) {
      session.end();
    }
  }

  /// Ends all but those of these users; null is for those that began with a link.
  synchronized void retain(Predicate<@Nullable ConsoleUser> stays) {
    open.values()
        .removeIf(session -> {
          boolean ends = !stays.test(session.user());
          if (ends) {
            session.end();
          }
          return ends;
        });
  }

  /// How many there are, ended ones included that have not been removed yet.
  public synchronized int size() {
    return open.size();
  }
}
