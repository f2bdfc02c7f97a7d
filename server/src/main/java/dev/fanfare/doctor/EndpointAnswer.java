package dev.fanfare.doctor;

import org.jspecify.annotations.Nullable;

/// What an application's auth endpoint says instead of a signature.
final class EndpointAnswer {

  private EndpointAnswer() {}

  /// Null if the answer holds a signature of the right shape.
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
    String said = answer.status() + " by the endpoint";
    return switch (answer.status()) {
      case 200, 201 -> null;
      case 419 ->
          new Outcome.Failed(
              said + ": it misses a CSRF token",
              "Send it (--header 'X-CSRF-TOKEN: …' with the session's cookie), or exempt the route;"
                  + " in Laravel use the api middleware for clients without a session.");
      case 401, 403 ->
          new Outcome.Failed(
              said + ": this user may not join this channel",
              "Send a session or token by --header, name a channel that the user may join by"
                  + " --auth-channel, and look at the application's rule for it"
                  + " (routes/channels.php in Laravel).");
      case 404, 405 ->
          new Outcome.Failed(
              said + ": there is no such route for POST",
              "Check the URL; Laravel's is /broadcasting/auth, and needs"
                  + " Broadcast::routes() or withBroadcasting().");
      default ->
          new Outcome.Failed(
              said + ": " + Words.brief(answer.body()), "Look at the application's log.");
    };
  }

  private static Outcome.@Nullable Failed byBody(HttpAnswer answer) {
    String auth = PusherSocket.field(answer.body(), "auth");
    if (auth == null) {
      String shape = answer.isHtml() ? "a web page" : Words.brief(answer.body());
      return new Outcome.Failed(
          "the endpoint answers without an \"auth\": " + shape,
          "It must answer JSON such as {\"auth\":\"KEY:SIGNATURE\"} and nothing else: no page, no"
              + " warnings before it, no wrapping object.");
    }
    return auth.indexOf(':') > 0
        ? null
        : new Outcome.Failed(
            "the endpoint's \"auth\" has no colon, so it is not KEY:SIGNATURE",
            "Let a server SDK of Pusher's make it.");
  }
}
