package dev.fanfare;

import dev.fanfare.config.ConfigReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// `fanfare health`: asks a running server whether it wants connections. Made for container
/// engines, which know no other bad exit code than 1; hence a bad configuration is a 1 here, too.
@Command(
    name = "health",
    description = "Ask a running server whether it wants connections: 0 if it does, else 1.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class)
final class HealthCommand implements Callable<Integer> {

  private static final int UNHEALTHY = 1;

  private static final int PATIENCE_MILLIS = 2_000;

  private final ConfigReader reader;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Mixin private PlaceOption place = new PlaceOption();

  HealthCommand(ConfigReader reader) {
    this.reader = reader;
  }

  @Override
  public Integer call() {
    return switch (place.choose(reader)) {
      case PlaceOption.Choice.Bad bad -> fail(bad.text());
      case PlaceOption.Choice.Good good -> ask(new ReadinessProbe(good.url(), PATIENCE_MILLIS));
    };
  }

  private int ask(ReadinessProbe question) {
    try {
      return tell(question, question.ask());
    } catch (IOException e) {
      return fail("fanfare: " + e.getMessage() + "\n");
    }
  }

  private int tell(ReadinessProbe question, ReadinessProbe.Answer answer) {
    // Whoever answers, nothing of it may move a terminal's cursor.
    String body = answer.body().replaceAll("[\\p{Cntrl}&&[^\n]]", " ");
    return switch (answer.status()) {
      case 200 -> {
        say(spec.commandLine().getOut(), body + "\n");
        yield spec.exitCodeOnSuccess();
      }
      case 503 -> fail("fanfare: the server is not ready:\n" + body.indent(2));
      default ->
          fail(
              "fanfare: the server at %s says %d:\n%s"
                  .formatted(question.server(), answer.status(), body.indent(2)));
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
