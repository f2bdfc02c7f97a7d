package dev.fanfare.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.app.App;
import dev.fanfare.protocol.Parsed;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;

/// What tests ask the doctor.
final class Examination {

  private Examination() {}

  /// The usual options for an app at a URL.
  static DoctorOptions options(String url, App app) {
    SiteUrl site = ((Parsed.Ok<SiteUrl>) SiteUrl.parse(url)).value();
    return DoctorOptions.of(site, new AppCredentials(app.id(), app.key(), app.secret()));
  }

  /// With little patience, for what is known to take for ever.
  static DoctorOptions impatient(String url, App app) {
    return options(url, app).withTimeout(Duration.ofMillis(500));
  }

  static Report of(DoctorOptions options) throws IOException {
    return new Doctor(InstantSource.system()).examine(options);
  }

  static Report of(String url, App app) throws IOException {
    return of(options(url, app));
  }

  /// Fails unless nothing failed or was warned of.
  static void assertWell(Report report) {
    String text = new ReportText(false, false).of(report);
    assertThat(report.isGood()).as(text).isTrue();
    assertThat(report.lines()).as(text).noneMatch(line -> line.outcome() instanceof Outcome.Warned);
    assertThat(report.outcome(Step.DELIVERY)).as(text).isInstanceOf(Outcome.Passed.class);
    assertThat(report.outcome(Step.LARGE)).as(text).isInstanceOf(Outcome.Passed.class);
  }

  /// Fails unless exactly this step failed, and says so, and all before it did not.
  static Outcome.Failed failedAt(Report report, Step step, String finding) {
    String text = new ReportText(false, false).of(report);
    assertThat(report.outcome(step)).as(text).isInstanceOf(Outcome.Failed.class);
    assertThat(report.lines().stream().filter(line -> line.step().compareTo(step) < 0))
        .as(text)
        .noneMatch(line -> line.outcome() instanceof Outcome.Failed);
    Outcome.Failed failed = (Outcome.Failed) report.outcome(step);
    assertThat(failed.finding()).contains(finding);
    assertThat(failed.remedy()).isNotBlank();
    return failed;
  }
}
