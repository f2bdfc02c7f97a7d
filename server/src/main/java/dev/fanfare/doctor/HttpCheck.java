package dev.fanfare.doctor;

import java.io.IOException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Asks over HTTP who is there, and which path arrives of the one that was sent. That health
/// addresses are kept from the public is no failure: clients do not need them.
final class HttpCheck implements Check {

  /// Nobody has this, so a Fanfare server repeats the path that reached it.
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
          "a web page answers: " + Words.brief(live.body()),
          "The URL leads to another application. Give Fanfare a separate name, port or path"
              + " prefix in the proxy.",
          true);
    }
    boolean isUp = live.status() == 200 && live.body().startsWith("OK");
    return isUp
        ? new Outcome.Passed("a server answers, perhaps another one than Fanfare")
        : new Outcome.Warned(
            "/live is answered with " + live.status() + ", which a Fanfare server does not do",
            "That is all right if the proxy passes on /app and /apps only, or if the server is not"
                + " Fanfare. Else the proxy sends this path elsewhere.");
  }

  /// The path that a Fanfare server says it does not know, or null if it is somebody else.
  static @Nullable String seenPath(HttpAnswer answer) {
    Matcher matcher = SEEN.matcher(answer.status() == 404 ? answer.body() : "");
    return matcher.matches() ? matcher.group(1) : null;
  }

  private static Outcome fanfare(Visit visit, Deadline deadline) throws IOException {
    HttpAnswer ready = visit.call(HttpCall.get("/ready"), deadline);
    String via = visit.proxy() == null ? "" : ", behind " + visit.proxy().title();
    if (ready.status() == 503) {
      return new Outcome.Warned(
          "Fanfare answers" + via + ", but refuses new connections: " + Words.brief(ready.body()),
          "Clients get 4100 and reconnect later. See docs/operations.md for the ceilings.");
    }
    return new Outcome.Passed("Fanfare answers" + via + ", and the path arrives as it should");
  }

  /// What is wrong with a path that arrived in another form.
  static Outcome.Failed changed(Site site, String sent, String seen) {
    boolean isPrefix = !site.prefix().isEmpty() && seen.equals(site.prefix() + sent);
    return isPrefix
        ? new Outcome.Failed(
            "the prefix " + site.prefix() + " arrives at the server, which does not know it",
            "Start the server with path_prefix: "
                + site.prefix()
                + " (FANFARE_PATH_PREFIX), or let the proxy cut it off.",
            true)
        : new Outcome.Failed(
            "the proxy changes the path: " + sent + " arrives as " + Words.brief(seen),
            "Let it pass the path on as it is: requests are signed with it. In nginx a path after"
                + " the address in proxy_pass replaces what the location says.",
            true);
  }
}
