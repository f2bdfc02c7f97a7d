package dev.fanfare.doctor.step;

import dev.fanfare.doctor.report.Outcome;
import dev.fanfare.doctor.report.Step;
import dev.fanfare.doctor.wire.Deadline;
import dev.fanfare.doctor.wire.HttpAnswer;
import dev.fanfare.doctor.wire.HttpCall;
import dev.fanfare.doctor.wire.Site;
import dev.fanfare.doctor.wire.Words;
import java.io.IOException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Finds out over HTTP which server responds, and whether the path arrives unchanged. Health
/// endpoints that are not public are no failure: clients do not need them.
public final class HttpCheck implements Check {

  /// No endpoint has this path, so a Fanfare server repeats the path that reached it.
  private static final String UNKNOWN = "/fanfare-doctor";

  private static final Pattern SEEN = Pattern.compile("Unknown path (\\S+)\\s*");

  @Override
  public Step step() {
    return Step.HTTP;
  }

  @Override
  public Outcome run(Visit visit, Deadline deadline) throws IOException {
    HttpAnswer unknown = visit.call(HttpCall.get(UNKNOWN), deadline);
    String seen = seenPath(unknown);
    if (seen != null) {
      return seen.equals(UNKNOWN) ? fanfare(visit, deadline) : changed(visit.site(), UNKNOWN, seen);
    }
    Outcome gateway = Gateway.problem(unknown);
    if (gateway != null) {
      return gateway;
    }
    HttpAnswer live = visit.call(HttpCall.get("/live"), deadline);
    if (live.status() == 200 && live.isHtml()) {
      return new Outcome.Failed(
          "the response is a web page: " + Words.brief(live.body()),
          "The URL leads to another application. Give Fanfare a separate name, port or path"
              + " prefix in the proxy.",
          true);
    }
    boolean isUp = live.status() == 200 && live.body().startsWith("OK");
    return isUp
        ? new Outcome.Passed("a server responds, possibly not Fanfare")
        : new Outcome.Warned(
            "/live returns " + live.status() + ", which is not a Fanfare response",
            "That is fine if the proxy forwards only /app and /apps, or if the server is not"
                + " Fanfare. Else the proxy sends this path elsewhere.");
  }

  /// The path that a Fanfare server reports as unknown; null if another server responded.
  static @Nullable String seenPath(HttpAnswer answer) {
    Matcher matcher = SEEN.matcher(answer.status() == 404 ? answer.body() : "");
    return matcher.matches() ? matcher.group(1) : null;
  }

  private static Outcome fanfare(Visit visit, Deadline deadline) throws IOException {
    HttpAnswer ready = visit.call(HttpCall.get("/ready"), deadline);
    String via = visit.proxy() == null ? "" : ", behind " + visit.proxy().title();
    if (ready.status() == 503) {
      return new Outcome.Warned(
          "Fanfare responds" + via + ", but refuses new connections: " + Words.brief(ready.body()),
          "Clients get 4100 and reconnect later. See docs/operations.md for the ceilings.");
    }
    return new Outcome.Passed("Fanfare responds" + via + ", and the path arrives unchanged");
  }

  /// Explains a path that was changed on its way.
  static Outcome.Failed changed(Site site, String sent, String seen) {
    boolean isPrefix = !site.prefix().isEmpty() && seen.equals(site.prefix() + sent);
    return isPrefix
        ? new Outcome.Failed(
            "the prefix "
                + site.prefix()
                + " arrives at the server, which is not configured for it",
            "Start the server with path_prefix: "
                + site.prefix()
                + " (FANFARE_PATH_PREFIX), or make the proxy remove it.",
            true)
        : new Outcome.Failed(
            "the proxy changes the path: " + sent + " arrives as " + Words.brief(seen),
            "Make it forward the path unchanged: the path is part of the signature. In nginx, a"
                + " path after the address in proxy_pass replaces that of the location.",
            true);
  }
}
