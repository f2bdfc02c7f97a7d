package dev.fanfare.doctor.step;

import dev.fanfare.doctor.report.Outcome;
import dev.fanfare.doctor.wire.HttpAnswer;
import dev.fanfare.doctor.wire.PusherSocket;
import dev.fanfare.doctor.wire.Words;
import org.jspecify.annotations.Nullable;

/// Explains a response of an application's auth endpoint that is no signature.
final class EndpointAnswer {

  private EndpointAnswer() {}

  /// Null if the response holds a well-formed signature.
  static Outcome.@Nullable Failed problem(HttpAnswer answer) {
    if (answer.isRedirect()) {
      return new Outcome.Failed(
          "the endpoint redirects to " + Words.brief(String.valueOf(answer.header("Location"))),
          "Most likely to a login page: the request must be signed in. Send the session with"
              + " --header 'Cookie: …' or a token with --header 'Authorization: Bearer …'.");
    }
    Outcome.Failed byStatus = byStatus(answer);
    return byStatus == null ? byBody(answer) : byStatus;
  }

  private static Outcome.@Nullable Failed byStatus(HttpAnswer answer) {
    String said = answer.status() + " from the endpoint";
    return switch (answer.status()) {
      case 200, 201 -> null;
      case 419 ->
          new Outcome.Failed(
              said + ": the CSRF token is missing",
              "Send it (--header 'X-CSRF-TOKEN: …' with the session's cookie), or exempt the route;"
                  + " in Laravel use the api middleware for clients without a session.");
      case 401, 403 ->
          new Outcome.Failed(
              said + ": this user may not join this channel",
              "Send a session or token with --header, name a channel that the user may join with"
                  + " --auth-channel, and check the application's rule for it"
                  + " (routes/channels.php in Laravel).");
      case 404, 405 ->
          new Outcome.Failed(
              said + ": no such route for POST",
              "Check the URL; in Laravel it is /broadcasting/auth, and needs"
                  + " Broadcast::routes() or withBroadcasting().");
      default ->
          new Outcome.Failed(
              said + ": " + Words.brief(answer.body()), "Check the application's log.");
    };
  }

  private static Outcome.@Nullable Failed byBody(HttpAnswer answer) {
    String auth = PusherSocket.field(answer.body(), "auth");
    if (auth == null) {
      String shape = answer.isHtml() ? "a web page" : Words.brief(answer.body());
      return new Outcome.Failed(
          "the endpoint's response has no \"auth\": " + shape,
          "It must return JSON such as {\"auth\":\"KEY:SIGNATURE\"} and nothing else: no page, no"
              + " warnings before it, no wrapping object.");
    }
    return auth.indexOf(':') > 0
        ? null
        : new Outcome.Failed(
            "the endpoint's \"auth\" has no colon, so it is not KEY:SIGNATURE",
            "Use a Pusher server SDK to create it.");
  }
}
