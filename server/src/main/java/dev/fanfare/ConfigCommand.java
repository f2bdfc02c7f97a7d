package dev.fanfare;

import dev.fanfare.config.AliasTable;
import dev.fanfare.config.Config;
import dev.fanfare.config.ConfigReader;
import dev.fanfare.config.EffectiveYaml;
import dev.fanfare.config.LimitsTable;
import dev.fanfare.config.Reading;
import dev.fanfare.config.Reference;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `fanfare config`: looks at the configuration without starting anything.
@Command(
    name = "config",
    description = "Check or print the configuration.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    synopsisSubcommandLabel = "COMMAND")
final class ConfigCommand implements Runnable {

  private final ConfigReader reader;

  @Spec private CommandSpec spec = CommandSpec.create();

  ConfigCommand(ConfigReader reader) {
    this.reader = reader;
  }

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(), "Say check, print, reference, limits or aliases.");
  }

  @Command(
      name = "check",
      description = "Say everything that is wrong with a file and the variables.",
      mixinStandardHelpOptions = true)
  int check(@Parameters(paramLabel = "FILE", description = "YAML file to check.") Path file) {
    return report(file, config -> file + " is fine: " + apps(config.apps().size()) + ".\n");
  }

  @Command(
      name = "print",
      description = "Print every value and where it came from, secrets masked.",
      mixinStandardHelpOptions = true)
  int print(
      @Option(
              names = "--config",
              paramLabel = "FILE",
              description = "YAML file to read; else $FANFARE_CONFIG, else none.")
          @Nullable Path file) {
    return report(file, EffectiveYaml::of);
  }

  @Command(
      name = "reference",
      description = "Print every option there is, in Markdown.",
      mixinStandardHelpOptions = true)
  int reference() {
    return say(spec.commandLine().getOut(), Reference.markdown());
  }

  @Command(
      name = "limits",
      description = "Print what happens above every limit, in Markdown.",
      mixinStandardHelpOptions = true)
  int limits() {
    return say(spec.commandLine().getOut(), LimitsTable.markdown());
  }

  @Command(
      name = "aliases",
      description = "Print what names of soketi, Reverb and Pusher mean here, in Markdown.",
      mixinStandardHelpOptions = true)
  int aliases() {
    return say(spec.commandLine().getOut(), AliasTable.markdown());
  }

  private int report(@Nullable Path file, Function<Config, String> text) {
    PrintWriter err = spec.commandLine().getErr();
    return switch (reader.read(file, Map.of())) {
      case Reading.Good good -> {
        good.warnings().forEach(warning -> say(err, "warning: " + warning + "\n"));
        yield say(spec.commandLine().getOut(), text.apply(good.config()));
      }
      case Reading.Bad bad -> {
        say(err, bad.text());
        yield spec.exitCodeOnInvalidInput();
      }
    };
  }

  private int say(PrintWriter to, String text) {
    to.print(text);
    to.flush();
    return spec.exitCodeOnSuccess();
  }

  private static String apps(int count) {
    return switch (count) {
      case 0 -> "no app, so each start makes up a new one";
      case 1 -> "1 app";
      default -> count + " apps";
    };
  }
}
