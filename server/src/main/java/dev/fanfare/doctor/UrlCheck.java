package dev.fanfare.doctor;

import java.util.List;

/// Says what the URL means, and what was made of it.
final class UrlCheck implements Check {

  @Override
  public Step step() {
    return Step.URL;
  }

  @Override
  public Outcome run(Visit visit, Deadline deadline) {
    List<String> notices = visit.options().url().notices();
    Site site = visit.site();
    String prefix =
        site.prefix().isEmpty()
            ? ""
            : "; clients need the path " + site.prefix() + ", too (wsPath in pusher-js)";
    String what = site.url() + (site.tls() ? ", with TLS" : ", without TLS") + prefix;
    return notices.isEmpty()
        ? new Outcome.Passed(what)
        : new Outcome.Warned("taken as " + what, String.join(" ", notices));
  }
}
