package dev.fanfare.console.login;

import dev.fanfare.observe.NanoClock;
import java.security.SecureRandom;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// Logs people in: with name and password if users are configured, else with a link. Passwords are
/// checked one at a time, which bounds the memory that this takes. Any thread; blocks.
public final class Logins {

  private static final String LOGIN = "login";

  /// Not the name that was sent: people type passwords there.
  private static final String UNKNOWN = "unknown user";

  /// What has become of a login.
  public sealed interface Outcome {}

  /// It was right.
  ///
  /// @param token for the browser
  public record Welcome(Caller caller, String token) implements Outcome {}

  /// It was not.
  ///
  /// @param status of the answer
  public record Denied(int status, String reason) implements Outcome {}

  private static final Denied WRONG = new Denied(401, "Name or password is wrong");
  private static final Denied WRONG_LINK =
      new Denied(401, "This link was used before, or is older than ten minutes");
  private static final Denied TOO_MANY =
      new Denied(429, "Five logins were wrong: try again in a minute");

  private final LoginSessions sessions;
  private final OneTimeLinks links;
  private final Attempts attempts;
  private final AuditedRefusals refusals;

  private final SecureRandom random;

  private final ReentrantLock hashing = new ReentrantLock();

  /// Compared to the password for a name that no user has, so that it takes as long; guarded by the
  /// lock.
  private @Nullable PasswordHash unknown;

  private volatile List<ConsoleUser> users;

  public Logins(List<ConsoleUser> users, NanoClock clock, SecureRandom random) {
    this.users = List.copyOf(users);
    this.sessions = new LoginSessions(clock, random);
    this.links = new OneTimeLinks(clock, random);
    this.attempts = new Attempts(clock);
    this.refusals = new AuditedRefusals(clock);
    this.random = random;
  }

  /// The sessions that were begun.
  public LoginSessions sessions() {
    return sessions;
  }

  /// Where refusals are noted.
  public AuditedRefusals refusals() {
    return refusals;
  }

  /// True if people log in with name and password.
  public boolean hasUsers() {
    return !users.isEmpty();
  }

  /// Replaces the users: sessions of those who have changed or are gone end, and those that began
  /// with a link too if there are users now.
  public void use(List<ConsoleUser> next) {
    hashing.lock(); // so that no login of a former user is under way
    try {
      users = List.copyOf(next);
      if (!next.isEmpty()) {
        links.clear();
      }
      sessions.retain(user -> user == null ? next.isEmpty() : next.contains(user));
    } finally {
      hashing.unlock();
    }
  }

  /// A new link; null if there are users, who have passwords.
  public @Nullable String link() {
    return hasUsers() ? null : links.create();
  }

  /// Logs in with a link.
  public Outcome byLink(String code, String address) {
    if (attempts.areTooMany(null, address)) {
      return tooMany("link", address);
    }
    if (hasUsers() || !links.use(code)) {
      return wrong("link", null, address, WRONG_LINK);
    }
    Caller caller = new Caller("link", Role.ADMIN, Set.of());
    Audit.note(caller, address, LOGIN, "", "accepted");
    return new Welcome(caller, sessions.open(caller, null));
  }

  /// Logs in with a password.
  public Outcome byPassword(String name, String password, String address) {
    if (attempts.areTooMany(name, address)) {
      return tooMany(find(name) == null ? UNKNOWN : name, address);
    }
    hashing.lock();
    try {
      if (attempts.areTooMany(name, address)) {
        return tooMany(find(name) == null ? UNKNOWN : name, address); // while it was waiting
      }
      ConsoleUser user = find(name);
      PasswordHash hash = user == null ? ofNobody() : user.hash();
      boolean isRight = password.length() <= PasswordHash.MAX_CHARS && hash.matches(password);
      if (user == null || !isRight) {
        return wrong(user == null ? UNKNOWN : name, name, address, WRONG);
      }
      Audit.note(user.caller(), address, LOGIN, "", "accepted");
      return new Welcome(user.caller(), sessions.open(user.caller(), user));
    } finally {
      hashing.unlock();
    }
  }

  private @Nullable ConsoleUser find(String name) {
    return users.stream().filter(user -> user.name().equals(name)).findFirst().orElse(null);
  }

  private PasswordHash ofNobody() {
    PasswordHash known = unknown;
    if (known == null) {
      known = PasswordHash.of("", random);
      unknown = known;
    }
    return known;
  }

  private Denied wrong(String who, @Nullable String account, String address, Denied denied) {
    boolean isLast = attempts.wrong(account, address);
    String result = denied.reason() + (isLast ? "; no more for a minute" : "");
    Audit.note(who, address, LOGIN, "", result);
    return denied;
  }

  private Denied tooMany(String who, String address) {
    refusals.note(who, address, LOGIN, "", TOO_MANY.reason());
    return TOO_MANY;
  }

  /// Ends a session.
  public void logout(String token, String address) {
    LoginSession session = sessions.use(token);
    if (session != null) {
      Audit.note(session.caller(), address, "logout", "", "done");
      sessions.close(token);
    }
  }
}
