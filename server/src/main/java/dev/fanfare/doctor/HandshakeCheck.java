package dev.fanfare.doctor;

import java.io.IOException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Reads the greeting, or why there is none (sections 1.2 and 1.5).
final class HandshakeCheck implements Check {

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
          "the first message is " + Words.brief(first.name()) + " and not a greeting",
          "What answers speaks another protocol than Pusher's.");
    }
    String id = PusherSocket.field(first.data(), "socket_id");
    String seconds = PusherSocket.field(first.data(), "activity_timeout");
    return greeted(visit, id, seconds);
  }

  private static Outcome greeted(Visit visit, @Nullable String id, @Nullable String seconds) {
    if (id == null || !SOCKET_ID.matcher(id).matches()) {
      return new Outcome.Failed(
          "the greeting has no good socket_id", "The server does not keep to the protocol.");
    }
    if (seconds == null || !SECONDS.matcher(seconds).matches()) {
      return new Outcome.Failed(
          "the greeting has no good activity_timeout, and pusher-js hangs without one",
          "The server does not keep to the protocol.");
    }
    visit.greeted(id, Integer.parseInt(seconds));
    return new Outcome.Passed("greeted as " + id + ", activity_timeout is " + seconds + " s");
  }

  private static Outcome refused(Visit visit, int code, String reason) {
    return new Outcome.Failed(
        "refused with " + code + ": " + Words.brief(reason), remedy(visit, code));
  }

  private static String remedy(Visit visit, int code) {
    return switch (code) {
      case 4000 -> "The app wants TLS: say wss://.";
      case 4001 ->
          "No app has the key "
              + visit.credentials().key()
              + ". Compare it with `fanfare config print`, and check that this is the right"
              + " server.";
      case 4003 -> "The app is switched off: set its `enabled`.";
      case 4004 -> "The app has all its connections: raise its max_connections.";
      case 4005 -> "The path is not /app/KEY any more when it arrives: look at the path prefix.";
      case 4009 ->
          "The origin of the page is not in the app's allowed_origins: add it, with its scheme and"
              + " port, if clients on that page are yours.";
      case 4100 ->
          "The server is near a ceiling, about to end, or has enough connections of this address."
              + " Behind a proxy set trusted_proxies, or all clients count as one address.";
      case 4200 -> "The server is stopping, or has a problem: look at its log.";
      default -> "Look up the code in docs/errors.md.";
    };
  }
}
