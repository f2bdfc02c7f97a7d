package dev.fanfare.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.app.App;
import dev.fanfare.doctor.report.Outcome;
import dev.fanfare.doctor.report.Report;
import dev.fanfare.doctor.report.ReportText;
import dev.fanfare.doctor.report.Step;
import dev.fanfare.doctor.step.DoctorOptions;
import dev.fanfare.doctor.wire.AppCredentials;
import dev.fanfare.doctor.wire.SiteUrl;
import dev.fanfare.protocol.Parsed;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;

/// Runs the doctor for tests.
public final class Examination {

  private Examination() {}

  /// The usual options for an app at a URL.
  public static DoctorOptions options(String url, App app) {
    SiteUrl site = ((Parsed.Ok<SiteUrl>) SiteUrl.parse(url)).value();
    return DoctorOptions.of(site, new AppCredentials(app.id(), app.key(), app.secret()));
  }

  /// With a short timeout, for steps that are known to hang.
  static DoctorOptions impatient(String url, App app) {
    return options(url, app).withTimeout(Duration.ofMillis(500));
  }

  public static Report of(DoctorOptions options) throws IOException {
    return new Doctor(InstantSource.system()).examine(options);
  }

  public static Report of(String url, App app) throws IOException {
    return of(options(url, app));
  }

  /// Asserts that no step failed or warned.
  static void assertWell(Report report) {
    String text = new ReportText(false, false).of(report);
    assertThat(report.isGood()).as(text).isTrue();
    assertThat(report.lines()).as(text).noneMatch(line -> line.outcome() instanceof Outcome.Warned);
    assertThat(report.outcome(Step.DELIVERY)).as(text).isInstanceOf(Outcome.Passed.class);
    assertThat(report.outcome(Step.LARGE)).as(text).isInstanceOf(Outcome.Passed.class);
  }

  /// Asserts that this step failed with that finding, and none before it.
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
