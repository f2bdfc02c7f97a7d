package dev.fanfare.doctor.step;

import dev.fanfare.doctor.report.Outcome;
import dev.fanfare.doctor.report.Step;
import dev.fanfare.doctor.wire.Deadline;
import dev.fanfare.doctor.wire.PusherSocket;
import dev.fanfare.doctor.wire.Words;
import java.io.IOException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Reads `connection_established`, or why it is missing (sections 1.2 and 1.5).
public final class HandshakeCheck implements Check {

  private static final Pattern SOCKET_ID = Pattern.compile("\\d+\\.\\d+");
  private static final Pattern SECONDS = Pattern.compile("[1-9]\\d{0,8}");

  @Override
  public Step step() {
    return Step.HANDSHAKE;
  }

  @Override
  public Outcome run(Visit visit, Deadline deadline) throws IOException {
    PusherSocket.Event first;
    try {
      first = visit.socket().next(deadline);
    } catch (PusherSocket.Closed e) {
      return refused(visit, e.code(), String.valueOf(e.getMessage()));
    }
    if (first.name().equals("pusher:error")) {
      String code = PusherSocket.field(first.data(), "code");
      boolean isCode = code != null && code.matches("\\d{4}");
      return refused(visit, isCode ? Integer.parseInt(code) : 0, first.message());
    }
    if (!first.name().equals("pusher:connection_established")) {
      return new Outcome.Failed(
          "the first message is "
              + Words.brief(first.name())
              + ", not pusher:connection_established",
          "The server speaks another protocol than Pusher Channels.");
    }
    String id = PusherSocket.field(first.data(), "socket_id");
    String seconds = PusherSocket.field(first.data(), "activity_timeout");
    return greeted(visit, id, seconds);
  }

  private static Outcome greeted(Visit visit, @Nullable String id, @Nullable String seconds) {
    if (id == null || !SOCKET_ID.matcher(id).matches()) {
      return new Outcome.Failed(
          "the greeting has no valid socket_id", "The server does not follow the protocol.");
    }
    if (seconds == null || !SECONDS.matcher(seconds).matches()) {
      return new Outcome.Failed(
          "the greeting has no valid activity_timeout, and pusher-js hangs without one",
          "The server does not follow the protocol.");
    }
    visit.greeted(id, Integer.parseInt(seconds));
    return new Outcome.Passed("socket id " + id + ", activity_timeout is " + seconds + " s");
  }

  private static Outcome refused(Visit visit, int code, String reason) {
    return new Outcome.Failed(
        "refused with " + code + ": " + Words.brief(reason), remedy(visit, code));
  }

  private static String remedy(Visit visit, int code) {
    return switch (code) {
      case 4000 -> "The app requires TLS: use wss://.";
      case 4001 ->
          "No app has the key "
              + visit.credentials().key()
              + ". Compare it with `fanfare config print`, and check that this is the right"
              + " server.";
      case 4003 -> "The app is disabled: set its `enabled`.";
      case 4004 -> "The app has reached max_connections: raise it.";
      case 4005 -> "The path that arrives is not /app/KEY: check the path prefix.";
      case 4009 ->
          "The page's origin is not in the app's allowed_origins: add it, with scheme and port, if"
              + " the page is yours.";
      case 4100 ->
          "The server is overloaded, shutting down, or has too many connections from this address."
              + " Behind a proxy, set trusted_proxies, or all clients count as one address.";
      case 4200 -> "The server is shutting down or had an internal error: check its log.";
      default -> "Look up the code in docs/errors.md.";
    };
  }
}
