package dev.fanfare.doctor.step;

import dev.fanfare.doctor.report.Outcome;
import dev.fanfare.doctor.wire.HttpAnswer;
import dev.fanfare.doctor.wire.Words;
import org.jspecify.annotations.Nullable;

/// Explains from the answer why a WebSocket handshake was refused.
final class UpgradeRefusal {

  private UpgradeRefusal() {}

  static Outcome.Failed explain(Visit visit, HttpAnswer answer) {
    String seen = HttpCheck.seenPath(answer);
    if (seen != null) {
      return HttpCheck.changed(visit.site(), "/app/" + visit.credentials().anyKey(), seen);
    }
    Outcome.Failed known = Gateway.problem(answer);
    known = known == null ? lackingHeader(answer) : known;
    return known == null ? byStatus(answer) : known;
  }

  /// Null if the response does not mention headers. Fanfare names the missing one.
  private static Outcome.@Nullable Failed lackingHeader(HttpAnswer answer) {
    String body = answer.body();
    if (body.contains("Sec-WebSocket-Key") || body.contains("WebSocket version")) {
      return new Outcome.Failed(
          answer.status() + ": the handshake was changed on its way: " + Words.brief(body),
          "A proxy changes the headers Sec-WebSocket-Key and -Version; make it forward upgrades"
              + " unchanged.",
          true);
    }
    if (answer.status() == 400 && body.contains("HTTP/1.0")) {
      return new Outcome.Failed(
          "400: the handshake arrives at the server over HTTP/1.0",
          "Let the proxy use HTTP/1.1 towards the server (nginx: proxy_http_version 1.1;). Paste"
              + " the block for it.",
          true);
    }
    boolean lacks = answer.status() == 426 || (answer.status() == 400 && body.contains("Upgrade"));
    return lacks
        ? new Outcome.Failed(
            answer.status() + ": the headers Upgrade and Connection did not arrive at the server",
            "A proxy drops them unless it is configured for WebSockets. Paste the block for it.",
            true)
        : null;
  }

  private static Outcome.Failed byStatus(HttpAnswer answer) {
    return switch (answer.status()) {
      case 200 -> page(answer);
      case 404 ->
          new Outcome.Failed(
              "404, not from Fanfare: the path /app leads elsewhere",
              "Forward /app to Fanfare, and check the path prefix.",
              true);
      case 401, 403 ->
          new Outcome.Failed(
              answer.status() + ": a proxy or firewall on the way requires a login or permission",
              "Exempt /app and /apps from passwords, bot challenges and web application firewalls.",
              true);
      case 429 ->
          new Outcome.Failed(
              "429: " + Words.brief(answer.body()),
              "Wait, or raise max_handshakes_per_second_per_address. Behind a proxy, set"
                  + " trusted_proxies, or all clients count as one.");
      case 505 ->
          new Outcome.Failed(
              "505: the proxy uses a version of HTTP without WebSockets",
              "Make it use HTTP/1.1.",
              true);
      default ->
          new Outcome.Failed(
              answer.status() + " instead of 101: " + Words.brief(answer.body()),
              "If that is not your server's response, the proxy blocks WebSockets.",
              true);
    };
  }

  private static Outcome.Failed page(HttpAnswer answer) {
    String what = answer.isHtml() ? "a web page" : "an ordinary response";
    return new Outcome.Failed(
        "200 instead of 101: " + what,
        "The path /app leads to another application, or the proxy drops the headers Upgrade and"
            + " Connection. Paste the printed configuration.",
        true);
  }
}
