package dev.fanfare.console.arm;

import dev.fanfare.app.App;
import dev.fanfare.observe.NanoClock;
import dev.fanfare.session.Sessions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// The connections that are looked at closely, at most [#MAX] for [#SECONDS] each. Any thread.
public final class Armed {

  public static final int MAX = 20;

  public static final int SECONDS = 600;

  private record Entry(String appId, String socketId, SocketNotes notes) {}

  private final Sessions sessions;
  private final NanoClock clock;

  /// Guarded by this.
  private final List<Entry> entries = new ArrayList<>();

  /// @param clock of traces
  public Armed(Sessions sessions, NanoClock clock) {
    this.sessions = sessions;
    this.clock = clock;
  }

  /// What has become of a wish to look closely.
  public enum Outcome {
    ARMED,
    UNKNOWN,
    TOO_MANY
  }

  /// Begins, or begins again, to look at a connection.
  public synchronized Outcome arm(App app, String socketId) {
    entries.removeIf(entry -> entry.notes.isOver());
    entries.removeIf(entry -> isOf(entry, app, socketId));
    if (entries.size() >= MAX) {
      return Outcome.TOO_MANY;
    }
    SocketNotes notes =
        new SocketNotes(clock, clock.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS));
    if (!sessions.record(app, socketId, notes)) {
      return Outcome.UNKNOWN;
    }
    entries.add(new Entry(app.id(), socketId, notes));
    return Outcome.ARMED;
  }

  /// What was noted of a connection; null if it is not looked at closely.
  public synchronized @Nullable SocketNotes of(App app, String socketId) {
    return entries.stream()
        .filter(entry -> isOf(entry, app, socketId))
        .map(Entry::notes)
        .findFirst()
        .orElse(null);
  }

  private static boolean isOf(Entry entry, App app, String socketId) {
    return entry.appId.equals(app.id()) && entry.socketId.equals(socketId);
  }
}
