package dev.fanfare.doctor.step;

import dev.fanfare.doctor.report.Outcome;
import dev.fanfare.doctor.report.Step;
import dev.fanfare.doctor.wire.Deadline;
import dev.fanfare.doctor.wire.Site;
import java.util.List;

/// Shows how the URL was read, and what was corrected.
public final class UrlCheck implements Check {

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
            : "; clients need the path " + site.prefix() + " too (wsPath in pusher-js)";
    String what = site.url() + (site.tls() ? ", with TLS" : ", without TLS") + prefix;
    return notices.isEmpty()
        ? new Outcome.Passed(what)
        : new Outcome.Warned("read as " + what, String.join(" ", notices));
  }
}
