package dev.fanfare.console.login;

import dev.fanfare.observe.NanoClock;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// The session of one browser. Ends after [#IDLE_NS] without a request, after [#WHOLE_NS] in any
/// case, or when it is ended. Any thread.
public final class LoginSession {

  /// Half an hour.
  static final long IDLE_NS = TimeUnit.MINUTES.toNanos(30);

  /// Twelve hours.
  static final long WHOLE_NS = TimeUnit.HOURS.toNanos(12);

  private final Caller caller;
  private final @Nullable ConsoleUser user;
  private final NanoClock clock;
  private final long beganNs;

  private volatile long usedNs;
  private volatile boolean isEnded;

  /// @param user null for one that began with a link
  LoginSession(Caller caller, @Nullable ConsoleUser user, NanoClock clock) {
    this.caller = caller;
    this.user = user;
    this.clock = clock;
    this.beganNs = clock.nanoTime();
    this.usedNs = beganNs;
  }

  /// Who has logged in.
  public Caller caller() {
    return caller;
  }

  @Nullable ConsoleUser user() {
    return user;
  }

  /// True if its requests are answered.
  public boolean isOpen() {
    long nowNs = clock.nanoTime();
    return !isEnded && nowNs - usedNs < IDLE_NS && nowNs - beganNs < WHOLE_NS;
  }

  /// A request has arrived.
  void touch() {
    usedNs = clock.nanoTime();
  }

  long usedNs() {
    return usedNs;
  }

  void end() {
    isEnded = true;
  }
}
