package dev.fanfare.doctor.step;

import dev.fanfare.doctor.report.Outcome;
import dev.fanfare.doctor.wire.HttpAnswer;
import dev.fanfare.doctor.wire.SignedCall;
import dev.fanfare.doctor.wire.Words;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Finds out why a signed request was refused.
final class ApiRefusal {

  /// What the server says it would have signed.
  private static final Pattern EXPECTED =
      Pattern.compile("HmacSHA256Hex\\(\"(\\w+)\\\\n([^\"\\\\]*)\\\\n([^\"\\\\]*)\"");

  private static final Pattern UNKNOWN_PATH = Pattern.compile("Unknown path (\\S+)\\s*");

  private ApiRefusal() {}

  static Outcome.Failed explain(Visit visit, SignedCall sent, HttpAnswer answer) {
    Outcome.Failed gateway = Gateway.problem(answer);
    if (gateway != null && !answer.body().contains("waiting for delivery")) {
      return gateway;
    }
    return switch (answer.status()) {
      case 401 -> unauthorized(visit, sent, answer.body());
      case 404 -> notFound(visit, sent, answer);
      case 403 ->
          answer.body().startsWith("Application disabled")
              ? new Outcome.Failed("403: the app is disabled", "Set its `enabled`.")
              : new Outcome.Failed(
                  "403, not from Fanfare: " + Words.brief(answer.body()),
                  "Exempt /apps from passwords, bot challenges and web application firewalls.",
                  true);
      case 413 -> tooLarge(answer);
      case 429 ->
          new Outcome.Failed(
              "429: " + Words.brief(answer.body()),
              "Publish less, or raise the limit named in the text.");
      case 200 ->
          new Outcome.Failed(
              "200, but not the response of a Pusher server: " + Words.brief(answer.body()),
              "The path /apps leads to another application.",
              true);
      default ->
          new Outcome.Failed(
              answer.status() + ": " + Words.brief(answer.body()),
              "If that is the server's text, see docs/errors.md, else the proxy's log.",
              true);
    };
  }

  private static Outcome.Failed unauthorized(Visit visit, SignedCall sent, String body) {
    if (body.startsWith("Unknown auth_key")) {
      return new Outcome.Failed(
          "401: the key "
              + visit.credentials().key()
              + " does not belong to app "
              + visit.credentials().id(),
          "Take app id and key from the same app.");
    }
    if (body.startsWith("Timestamp expired")) {
      return new Outcome.Failed(
          "401: " + Words.brief(body),
          "The clocks of server and publisher differ: synchronize both by NTP.");
    }
    if (body.startsWith("Invalid body_md5")) {
      return new Outcome.Failed(
          "401: the body was changed on its way to the server",
          "A proxy rewrites bodies; make it forward /apps unchanged.",
          true);
    }
    Matcher expected = EXPECTED.matcher(body);
    return expected.find() ? forged(sent, expected) : badSignature(body);
  }

  private static Outcome.Failed forged(SignedCall sent, Matcher expected) {
    String[] signed = sent.toSign().split("\n", 3);
    if (!expected.group(1).equals(signed[0])) {
      return new Outcome.Failed(
          "401: " + signed[0] + " arrives as " + expected.group(1),
          "Something changes the method, as redirects do.",
          true);
    }
    if (!expected.group(2).equals(signed[1])) {
      return new Outcome.Failed(
          "401: the proxy changes the path: " + signed[1] + " arrives as " + expected.group(2),
          "Make it forward the path unchanged: the path is part of the signature.",
          true);
    }
    if (!expected.group(3).equals(signed[2])) {
      return new Outcome.Failed(
          "401: the query was changed on its way to the server",
          "A proxy adds, drops or rewrites parameters; make it forward them unchanged.",
          true);
    }
    return new Outcome.Failed(
        "401: the server computes another signature for the same text: the secret is wrong",
        "Take secret and key from the same app, and check for spaces and quotation marks around"
            + " the secret.");
  }

  private static Outcome.Failed badSignature(String body) {
    return new Outcome.Failed(
        "401: " + Words.brief(body),
        "The secret is wrong, or a proxy changes the path, or the clocks differ.");
  }

  private static Outcome.Failed notFound(Visit visit, SignedCall sent, HttpAnswer answer) {
    if (answer.body().startsWith("Unknown app id")) {
      return new Outcome.Failed(
          "404: no app has the id " + visit.credentials().id(),
          "Compare it with `fanfare config print`; ids and keys are easily mixed up.");
    }
    Matcher matcher = UNKNOWN_PATH.matcher(answer.body());
    if (matcher.matches()) {
      return HttpCheck.changed(visit.site(), sent.path(), matcher.group(1));
    }
    return new Outcome.Failed(
        "404, not from Fanfare: the path /apps leads elsewhere",
        "Forward /apps to Fanfare as well as /app: servers publish there.",
        true);
  }

  private static Outcome.Failed tooLarge(HttpAnswer answer) {
    return answer.body().contains("allowed maximum")
        ? new Outcome.Failed(
            "413 from the server: " + Words.brief(answer.body()),
            "Raise the setting named in the text, or publish less at once.")
        : new Outcome.Failed(
            "413 from the proxy: the body exceeds its limit",
            "Raise its limit: client_max_body_size in nginx, request_body in Caddy,"
                + " LimitRequestBody in Apache, buffering.maxRequestBodyBytes in Traefik.",
            true);
  }
}
