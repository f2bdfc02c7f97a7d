package dev.fanfare.cli;

import dev.fanfare.app.App;
import dev.fanfare.cli.banner.Address;
import dev.fanfare.config.Config;
import dev.fanfare.console.act.DoctorRuns;
import dev.fanfare.doctor.Doctor;
import dev.fanfare.doctor.report.Outcome;
import dev.fanfare.doctor.report.ProxyBlock;
import dev.fanfare.doctor.report.ProxyKind;
import dev.fanfare.doctor.report.Report;
import dev.fanfare.doctor.step.DoctorOptions;
import dev.fanfare.doctor.wire.AppCredentials;
import dev.fanfare.doctor.wire.SiteUrl;
import dev.fanfare.node.FanfareServer;
import dev.fanfare.protocol.Parsed;
import dev.fanfare.tls.Credentials;
import dev.fanfare.transport.ServerOptions;
import java.io.IOException;
import java.time.InstantSource;
import java.util.Locale;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The doctor, for users of the console of the same process. Any thread.
///
/// @param started what the server was started with
record ConsoleDoctor(Config started, FanfareServer server) {

  /// Prepares an examination; fails if the URL is not one.
  ///
  /// @param url null for this server, without the way through a network
  Parsed<DoctorRuns.Examination> examination(App app, @Nullable String url) {
    return switch (SiteUrl.parse(url == null ? own() : url)) {
      case Parsed.Bad<SiteUrl> bad -> new Parsed.Bad<>(bad.reason());
      case Parsed.Ok<SiteUrl>(SiteUrl site) -> {
        AppCredentials credentials = new AppCredentials(app.id(), app.key(), app.secret());
        Credentials certificate = server.certificate();
        DoctorOptions options =
            DoctorOptions.of(site, credentials)
                .withHostHeader(
                    url == null && site.site().tls() && certificate != null
                        ? certificate.hostName()
                        : null);
        yield new Parsed.Ok<>(progress -> run(options, progress));
      }
    };
  }

  /// Where this server can be reached without any name being resolved.
  private String own() {
    ServerOptions options = started.server();
    boolean isTls = options.tls().only();
    int port = isTls ? server.tlsPort() : server.port();
    Address address = new Address(options.host(), port, options.pathPrefix());
    String host = address.isEverywhere() ? "127.0.0.1" : address.host();
    return (isTls ? "wss://" : "ws://") + host + ":" + port + options.pathPrefix();
  }

  private @Nullable String run(DoctorOptions options, Consumer<DoctorRuns.Step> progress) {
    try {
      Report report =
          new Doctor(InstantSource.system())
              .examine(options, line -> progress.accept(step(line, options.credentials())));
      ProxyKind kind = report.proxy();
      if (kind == null || !report.blamesProxy()) {
        return null;
      }
      ServerOptions server = started.server();
      int seconds =
          report.activitySeconds() == 0
              ? server.activityTimeoutSeconds()
              : report.activitySeconds();
      Address address = Address.plain(server);
      String here = (address.isEverywhere() ? "127.0.0.1" : address.host()) + ":" + address.port();
      String block = new ProxyBlock(options.site(), here, seconds).text(kind);
      return DoctorCommand.hush(block, options.credentials());
    } catch (IOException e) {
      throw new IllegalStateException(e); // there is no file of certificates to read
    }
  }

  private static DoctorRuns.Step step(Report.Line line, AppCredentials credentials) {
    String finding = line.outcome().finding();
    String text =
        switch (line.outcome()) {
          case Outcome.Warned warned -> finding + ". " + warned.remedy();
          case Outcome.Failed failed -> finding + ". " + failed.remedy();
          case Outcome.Passed _, Outcome.Skipped _ -> finding;
        };
    String result =
        switch (line.outcome()) {
          case Outcome.Passed _ -> "ok";
          case Outcome.Warned _ -> "warning";
          case Outcome.Failed _ -> "failed";
          case Outcome.Skipped _ -> "skipped";
        };
    String name = line.step().name().toLowerCase(Locale.ROOT);
    return new DoctorRuns.Step(name, result, DoctorCommand.hush(text, credentials));
  }
}
