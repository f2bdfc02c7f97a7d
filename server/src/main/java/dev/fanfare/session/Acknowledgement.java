package dev.fanfare.session;

import dev.fanfare.channel.lane.Subscription;
import dev.fanfare.history.Departed;
import dev.fanfare.history.EventId;
import dev.fanfare.history.Reader;
import dev.fanfare.observe.Component;
import dev.fanfare.observe.LineBudget;
import dev.fanfare.protocol.CloseCode;
import dev.fanfare.protocol.ServerMessage;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/// Asks the client of a connection to confirm what it was given, so that it can go on from there
/// when it comes back. A WebSocket ping has a number, and its pong confirms all that was written
/// before it (RFC 6455 section 5.5.3). Pusher-js is asked with `pusher:ping` instead, because its
/// `pusher:pong` follows the handlers of the page. An answered close frame confirms, too.
///
/// Nothing is stored for a delivery: positions are noted only when the client is asked. Confined to
/// the lane.
public final class Acknowledgement {

  /// Before the number in a ping.
  private static final String PREFIX = "f";

  private static final int BASE = 36;

  private static final Logger log = Component.CONNECTIONS.logger();

  /// What a subscription was given when the client was asked.
  private record Note(Reader reader, EventId given, boolean wasTaken) {}

  private final Session session;

  /// The client is asked at most that often.
  private final long intervalNs;

  /// Empty unless an answer is outstanding.
  private final List<Note> notes = new ArrayList<>(1);

  /// Of the last question; 0 before.
  private long number;

  private long askedAtNs;

  /// When the client last confirmed events; null if it never did.
  private @Nullable Long confirmedAtNs;

  /// True once something could not be written: what was given is not known any more.
  private boolean hasMissed;

  /// With which the connection was closed; 0 before.
  private int closeCode;

  /// The subscriptions are left in later turns, when what was given is not known any more.
  private boolean isLeavingLater;

  private final List<Departed.Position> departed = new ArrayList<>(0);

  Acknowledgement(Session session, long intervalNs) {
    this.session = session;
    this.intervalNs = intervalNs;
  }

  /// Something was not written to the client.
  void onMissed() {
    hasMissed = true;
  }

  /// Asks if anything was written since the last time.
  ///
  /// @return nanoseconds until this should be called again; [Long#MAX_VALUE] if only after a write
  ///   or an answer
  long onDue(long nowNs) {
    if (!notes.isEmpty() || hasMissed) {
      return Long.MAX_VALUE;
    }
    long leftNs = number == 0 ? 0 : askedAtNs + intervalNs - nowNs;
    if (leftNs > 0) {
      return leftNs;
    }
    session.forEachSubscription(subscription -> note(subscription, nowNs));
    if (!notes.isEmpty()) {
      askedAtNs = nowNs;
      number++;
      ask();
    }
    return Long.MAX_VALUE;
  }

  private void note(Subscription subscription, long nowNs) {
    Reader reader = subscription.reader();
    if (reader == null) {
      return;
    }
    EventId given = subscription.given();
    if (given != null && reader.isBehind(given)) {
      reader.ask(given, nowNs);
      notes.add(new Note(reader, given, reader.isTaken()));
    }
  }

  private void ask() {
    if (session.introduction().isJavaScript()) {
      session.onNotice(new ServerMessage.Ping());
    } else {
      String payload = PREFIX + Long.toString(number, BASE);
      session.connection().ping(payload.getBytes(StandardCharsets.US_ASCII));
    }
  }

  /// What is known about the connection.
  SessionStatus status(long openedAtNs, int subscriptions) {
    int[] unconfirmed = new int[1];
    session.forEachSubscription(subscription -> {
      Reader reader = subscription.reader();
      EventId given = subscription.given();
      if (reader != null && given != null && given.compareTo(reader.confirmed()) > 0) {
        unconfirmed[0]++;
      }
    });
    return new SessionStatus(openedAtNs, subscriptions, unconfirmed[0], confirmedAtNs);
  }

  /// The client has answered a WebSocket ping; also for one that was not sent.
  public void onPong(String payload) {
    if (payload.equals(PREFIX + Long.toString(number, BASE))) {
      confirm();
    }
  }

  /// The client has sent `pusher:pong`.
  void onPusherPong() {
    if (session.introduction().isJavaScript()) {
      confirm();
    }
  }

  private void confirm() {
    if (notes.isEmpty()) {
      return;
    }
    List<Note> confirmed = List.copyOf(notes);
    notes.clear();
    confirmedAtNs = session.context().clock().nanoTime();
    for (Note note : confirmed) {
      boolean isNews = note.reader.confirm(note.given, note.wasTaken);
      if (isNews && LineBudget.FAULTS.permits(log)) {
        log.warn(
            "app {}: several clients use the tag {}; they may receive events again when they come"
                + " back",
            session.app().id(),
            session.introduction().tag());
      }
    }
    session.connection().checkSoon();
  }

  /// The connection has ended.
  ///
  /// @param isLater the subscriptions are left in later turns
  void onClosed(int code, boolean isLater) {
    closeCode = code;
    isLeavingLater = isLater;
  }

  /// A subscription ends with the connection.
  void depart(Subscription subscription, long nowNs) {
    if (!leavesPositions() || subscription.reader() == null) {
      return;
    }
    EventId given = isLeavingLater || hasMissed ? null : subscription.given();
    Departed.Position position = subscription.depart(given, nowNs);
    if (position != null) {
      departed.add(position);
    }
  }

  /// False if the client must not come back, or if its page is gone: the next page of the user has
  /// no state that could be brought up to date.
  private boolean leavesPositions() {
    return closeCode != CloseCode.UNAUTHORIZED.code()
        && !(closeCode == CloseCode.GOING_AWAY.code() && session.introduction().tag() == null);
  }

  /// The client has answered the server's close frame: it has read everything before it.
  void onCloseAnswered(int code) {
    if (code == closeCode) {
      departed.forEach(Departed.Position::confirm);
    }
    departed.clear();
  }
}
