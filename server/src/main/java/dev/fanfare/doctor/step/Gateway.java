package dev.fanfare.doctor.step;

import dev.fanfare.doctor.report.Outcome;
import dev.fanfare.doctor.wire.HttpAnswer;
import dev.fanfare.doctor.wire.Words;
import org.jspecify.annotations.Nullable;

/// Explains responses that come from a proxy instead of the server.
final class Gateway {

  private Gateway() {}

  /// The problem that a proxy had with reaching the server; null if the response reports none.
  static Outcome.@Nullable Failed problem(HttpAnswer answer) {
    if (answer.isRedirect()) {
      return new Outcome.Failed(
          "the request is redirected to " + Words.brief(String.valueOf(answer.header("Location"))),
          "WebSocket clients and server SDKs do not follow redirects: use that URL, or exempt /app"
              + " and /apps.",
          true);
    }
    return switch (answer.status()) {
      case 502, 504 ->
          new Outcome.Failed(
              answer.status() + " from the proxy: it cannot reach the server",
              "Check that the server is running, and that address and port in the proxy's"
                  + " configuration are the server's, as seen from the proxy (in a container,"
                  + " localhost is the container itself).",
              true);
      case 503 ->
          new Outcome.Failed(
              "503 from the proxy: it considers the server down, or has none for this name",
              "Check its error log and its health checks.",
              true);
      case 407, 511 ->
          new Outcome.Failed(
              answer.status() + ": a gateway requires a login", "Try from another network.");
      default -> null;
    };
  }
}
