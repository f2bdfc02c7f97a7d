package dev.fanfare.doctor;

import org.jspecify.annotations.Nullable;

/// What a proxy answers in place of the server.
final class Gateway {

  private Gateway() {}

  /// What an answer says of a proxy that did not get through, or null if it says nothing of it.
  static Outcome.@Nullable Failed problem(HttpAnswer answer) {
    if (answer.isRedirect()) {
      return new Outcome.Failed(
          "the request is redirected to " + Words.brief(String.valueOf(answer.header("Location"))),
          "Clients of WebSockets and server SDKs follow no redirect: use that URL, or exempt /app"
              + " and /apps.",
          true);
    }
    return switch (answer.status()) {
      case 502, 504 ->
          new Outcome.Failed(
              answer.status() + " by the proxy: it does not reach the server",
              "Check that the server runs, and that address and port in the proxy's configuration"
                  + " are the server's, as seen from the proxy (in a container, localhost is the"
                  + " container itself).",
              true);
      case 503 ->
          new Outcome.Failed(
              "503 by the proxy: it takes the server for dead, or has none for this name",
              "Look at its error log and at its health checks.",
              true);
      case 407, 511 ->
          new Outcome.Failed(
              answer.status() + ": something on the way wants to be signed in to",
              "Try from another network.");
      default -> null;
    };
  }
}
