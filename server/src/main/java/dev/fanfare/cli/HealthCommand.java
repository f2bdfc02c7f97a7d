package dev.fanfare.cli;

import dev.fanfare.config.ConfigReader;
import dev.fanfare.doctor.wire.Trust;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `fanfare health`: checks the readiness of a running server. Made for container engines, which
/// know only 0 and 1 as exit codes; hence a wrong configuration is a 1 here, too.
@Command(
    name = "health",
    description = "Check readiness: exits 0 if ready, 1 otherwise.",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:The server is ready.",
      "1:The server is not ready or not reachable, or the configuration is wrong.",
      "2:Wrong command line."
    },
    mixinStandardHelpOptions = true,
    versionProvider = VersionText.class)
final class HealthCommand implements Callable<Integer> {

  private static final int UNHEALTHY = 1;

  private static final int PATIENCE_MILLIS = 2_000;

  private final ConfigReader reader;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Mixin private PlaceOption place = new PlaceOption();

  @Option(
      names = "--ca",
      paramLabel = "FILE",
      description = "For https: PEM file with the only certificates to trust.")
  private @Nullable Path ca;

  @Option(names = "--insecure", description = "For https: accept any certificate.")
  private boolean insecure;

  HealthCommand(ConfigReader reader) {
    this.reader = reader;
  }

  @Override
  public Integer call() {
    try {
      return ask(place.choose(reader));
    } catch (CommandError e) {
      return fail(e.text());
    }
  }

  private int ask(URI url) {
    try {
      ReadinessProbe probe = new ReadinessProbe(url, PATIENCE_MILLIS, tls(url));
      return report(probe, probe.ask());
    } catch (IOException e) {
      return fail("fanfare: " + e.getMessage() + "\n");
    }
  }

  private ReadinessProbe.@Nullable Tls tls(URI url) throws IOException {
    if (!"https".equals(url.getScheme())) {
      return null;
    }
    return insecure
        ? new ReadinessProbe.Tls(Trust.lenient(), false)
        : new ReadinessProbe.Tls(Trust.of(ca).strict(), true);
  }

  private int report(ReadinessProbe probe, ReadinessProbe.Answer answer) {
    // The other side may be anything: its text must not control the terminal.
    String body = answer.body().replaceAll("[\\p{Cntrl}&&[^\n]]", " ");
    return switch (answer.status()) {
      case 200 -> {
        say(spec.commandLine().getOut(), body + "\n");
        yield spec.exitCodeOnSuccess();
      }
      case 503 -> fail("fanfare: the server is not ready:\n" + body.indent(2));
      default ->
          fail(
              "fanfare: the server at %s answered %d:\n%s"
                  .formatted(probe.server(), answer.status(), body.indent(2)));
    };
  }

  private int fail(String text) {
    say(spec.commandLine().getErr(), text);
    return UNHEALTHY;
  }

  private static void say(PrintWriter to, String text) {
    to.print(text);
    to.flush();
  }
}
