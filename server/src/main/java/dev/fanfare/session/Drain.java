package dev.fanfare.session;

import dev.fanfare.observe.Component;
import dev.fanfare.observe.NanoClock;
import dev.fanfare.protocol.CloseCode;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;

/// Disconnects established clients at a limited rate, so that they do not all reconnect to another
/// node at the same moment. Blocks its caller; not for event loops.
final class Drain {

  private static final Logger log = Component.SERVER.logger();
  private static final long TICK_MS = 10;
  private static final long LAST_SECONDS = 5;

  private final List<Session> sessions;
  private final DrainOptions options;
  private final CloseCode code;
  private final String reason;
  private final CountDownLatch open;

  Drain(List<Session> sessions, DrainOptions options, CloseCode code, String reason) {
    this.sessions = sessions;
    this.options = options;
    this.code = code;
    this.reason = reason;
    open = new CountDownLatch(sessions.size());
  }

  void run() {
    long startNs = NanoClock.SYSTEM.nanoTime();
    int next = 0;
    try {
      while (next < sessions.size()) {
        int due = options.due(NanoClock.SYSTEM.nanoTime() - startNs, sessions.size());
        while (next < due) {
          close(sessions.get(next++));
        }
        if (next < sessions.size()) {
          TimeUnit.MILLISECONDS.sleep(TICK_MS);
        }
      }
      if (!open.await(LAST_SECONDS, TimeUnit.SECONDS)) {
        log.warn("{} connections did not get their close frame in time", open.getCount());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void close(Session session) {
    session
        .connection()
        .lane()
        .execute(() -> {
          session.connection().close(code, reason);
          session.connection().lane().departures().whenDone(open::countDown);
        });
  }
}
