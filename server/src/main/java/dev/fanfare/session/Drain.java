package dev.fanfare.session;

import dev.fanfare.observe.Component;
import dev.fanfare.protocol.CloseCode;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;

/// Sends established clients away in a paced way, so that they do not all arrive at another node in
/// the same moment. Blocks its caller; not for event loops.
final class Drain {

  private static final Logger log = Component.SERVER.logger();
  private static final long TICK_MS = 10;
  private static final long LAST_SECONDS = 5;

  private final List<Session> sessions;
  private final DrainOptions options;
  private final CloseCode code;
  private final String reason;
  private final CountDownLatch told;

  Drain(List<Session> sessions, DrainOptions options, CloseCode code, String reason) {
    this.sessions = sessions;
    this.options = options;
    this.code = code;
    this.reason = reason;
    told = new CountDownLatch(sessions.size());
  }

  void run() {
    long startNs = System.nanoTime();
    int next = 0;
    try {
      while (next < sessions.size()) {
        int due = options.due(System.nanoTime() - startNs, sessions.size());
        while (next < due) {
          tell(sessions.get(next++));
        }
        if (next < sessions.size()) {
          TimeUnit.MILLISECONDS.sleep(TICK_MS);
        }
      }
      if (!told.await(LAST_SECONDS, TimeUnit.SECONDS)) {
        log.warn("{} connections did not get their close frame in time", told.getCount());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void tell(Session session) {
    session
        .connection()
        .lane()
        .execute(() -> {
          session.connection().close(code, reason);
          told.countDown();
        });
  }
}
