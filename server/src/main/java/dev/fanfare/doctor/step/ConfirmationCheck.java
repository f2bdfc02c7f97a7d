package dev.fanfare.doctor.step;

import dev.fanfare.doctor.report.Outcome;
import dev.fanfare.doctor.report.Step;
import dev.fanfare.doctor.wire.Deadline;
import dev.fanfare.doctor.wire.HttpAnswer;
import dev.fanfare.doctor.wire.PusherSocket;
import dev.fanfare.doctor.wire.SignedCall;
import dev.fanfare.doctor.wire.Words;
import dev.fanfare.protocol.Json;
import dev.fanfare.protocol.Parsed;
import dev.fanfare.protocol.Signature;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;

/// Leaves the server's WebSocket ping after a kept event unanswered, and checks that the server
/// gets no answer all the same: a proxy that ends WebSocket itself may answer for its clients, who
/// then miss events when their connection breaks.
public final class ConfirmationCheck implements Check {

  /// The server looks once a second whether something is to be confirmed, a busy one less often.
  private static final int PING_SECONDS = 8;

  /// A proxy answers within milliseconds.
  private static final Duration ANSWER = Duration.ofMillis(500);

  private static final int LOOKS = 2 * PING_SECONDS;

  /// The refusal by a server whose app has no rule at all.
  private static final String UNKNOWN_ID = "'id' is not one of";

  private final InstantSource clock;

  public ConfirmationCheck(InstantSource clock) {
    this.clock = clock;
  }

  @Override
  public Step step() {
    return Step.CONFIRMATION;
  }

  @Override
  public long extraSeconds(DoctorOptions options) {
    return PING_SECONDS;
  }

  @Override
  public Outcome run(Visit visit, Deadline deadline) throws IOException {
    SignedCall.Publishing as = PublishCheck.publisher(visit);
    if (as == null) {
      return PublishCheck.lacking();
    }
    try (Visit silent = visit.beside()) {
      HttpAnswer published = publish(silent, as, deadline);
      if (published.status() != 200 && !published.body().contains(UNKNOWN_ID)) {
        return new Outcome.Skipped(
            "the event was refused: " + published.status() + " " + Words.brief(published.body()));
      }
      if (!isKept(published)) {
        return new Outcome.Skipped("no rule for history covers " + channel(silent));
      }
      for (Check check : List.of(new UpgradeCheck(), new HandshakeCheck())) {
        Outcome outcome = check.run(silent, deadline);
        if (!(outcome instanceof Outcome.Passed)) {
          return new Outcome.Warned(
              "a client with a tag behind the app key is not accepted: " + outcome.finding(),
              "Make the proxy pass on every path below /app.");
        }
      }
      if (subscribe(silent, as, deadline) instanceof Parsed.Bad(String reason)) {
        return new Outcome.Warned(
            "a client with a tag cannot subscribe to "
                + channel(silent)
                + ": "
                + Words.brief(reason),
            "See docs/errors.md for what the text means.");
      }
      return isKept(publish(silent, as, deadline))
          ? confirmed(silent, as, deadline)
          : new Outcome.Skipped("the second event was not kept");
    }
  }

  private static String channel(Visit silent) {
    String chosen = silent.options().historyChannel();
    return chosen == null ? silent.channel("") : chosen;
  }

  private HttpAnswer publish(Visit silent, SignedCall.Publishing as, Deadline deadline)
      throws IOException {
    SignedCall publish = SignedCall.publishForId(as, channel(silent), "confirmation", "{}", clock);
    return silent.call(publish.call(), deadline);
  }

  private static boolean isKept(HttpAnswer published) {
    return published.status() == 200 && published.body().contains("\"id\":");
  }

  /// Signs if the channel needs that.
  private static Parsed<Parsed.Passed> subscribe(
      Visit silent, SignedCall.Publishing as, Deadline deadline) throws IOException {
    String channel = channel(silent);
    boolean hasMembers = channel.startsWith("presence-");
    String member = hasMembers ? Json.object().field("user_id", "fanfare-doctor").text() : null;
    String toSign = Signature.subscription(silent.socketId(), channel, member);
    String auth =
        hasMembers || channel.startsWith("private-")
            ? as.key() + ":" + as.secret().signature().sign(toSign)
            : null;
    return silent.socket().subscribe(channel, auth, member, deadline);
  }

  private Outcome confirmed(Visit silent, SignedCall.Publishing as, Deadline deadline)
      throws IOException {
    String path = "/connections/" + silent.socketId();
    boolean isAsked = false;
    for (int i = 0; i < LOOKS && !isAsked; i++) {
      isAsked = silent.socket().ignorePing(Deadline.in(ANSWER));
      if (isAsked) {
        var _ = silent.socket().ignorePing(Deadline.in(ANSWER)); // time for a proxy to answer
      }
      HttpAnswer status = silent.call(SignedCall.read(as, path, clock).call(), deadline);
      if (status.status() != 200) {
        return new Outcome.Skipped(
            "the connection could not be read: "
                + status.status()
                + "; with several nodes, examine one node itself");
      }
      if (PusherSocket.field(status.body(), "confirmed_ms") != null) {
        return new Outcome.Warned(
            "a proxy answers WebSocket pings for its clients: clients that come back can miss what"
                + " was under way when their connection broke",
            "Make the proxy pass pings on, or set history_overlap_milliseconds to the longest time"
                + " that an event is under way.");
      }
    }
    return isAsked
        ? new Outcome.Passed("pings arrive, and only the client answers them")
        : new Outcome.Warned(
            "a WebSocket ping of the server did not arrive within " + PING_SECONDS + " s",
            "Make the proxy pass WebSocket pings on; without them, clients that come back get"
                + " events again.");
  }
}
