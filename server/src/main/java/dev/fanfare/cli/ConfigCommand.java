package dev.fanfare.cli;

import dev.fanfare.config.Config;
import dev.fanfare.config.ConfigReader;
import dev.fanfare.config.EffectiveYaml;
import dev.fanfare.config.LimitsTable;
import dev.fanfare.config.Reading;
import dev.fanfare.config.Reference;
import dev.fanfare.config.foreign.AliasTable;
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

/// `fanfare config`: examines the configuration without starting anything.
@Command(
    name = "config",
    description = "Check or print the configuration.",
    mixinStandardHelpOptions = true,
    versionProvider = VersionText.class,
    exitCodeListHeading = ConfigCommand.CODES_HEADING,
    exitCodeList = {ConfigCommand.VALID, ConfigCommand.INVALID},
    synopsisSubcommandLabel = "COMMAND")
final class ConfigCommand implements Runnable {

  static final String CODES_HEADING = "%nExit codes:%n";
  static final String VALID = "0:Success; the configuration is valid.";
  static final String INVALID = "2:Wrong command line or configuration.";

  private final ConfigReader reader;

  @Spec private CommandSpec spec = CommandSpec.create();

  ConfigCommand(ConfigReader reader) {
    this.reader = reader;
  }

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(), "A command is missing: check, print, reference, limits or aliases.");
  }

  @Command(
      name = "check",
      description = "Report every problem in a file and the environment.",
      exitCodeListHeading = CODES_HEADING,
      exitCodeList = {VALID, INVALID},
      mixinStandardHelpOptions = true)
  int check(
      @Parameters(
              paramLabel = "FILE",
              arity = "0..1",
              description = "YAML file to check. Default: $FANFARE_CONFIG, or none.")
          @Nullable Path file,
      @Option(names = "--config", paramLabel = "FILE", description = "The same as FILE.")
          @Nullable Path option) {
    if (file != null && option != null) {
      throw new ParameterException(spec.commandLine(), "Name one file, not two.");
    }
    Path chosen = file == null ? option : file;
    String subject = chosen == null ? "The configuration" : chosen.toString();
    return report(chosen, config -> subject + " is valid: " + apps(config.apps().size()) + ".\n");
  }

  @Command(
      name = "print",
      description = "Print every value and where it came from, with secrets masked.",
      exitCodeListHeading = CODES_HEADING,
      exitCodeList = {VALID, INVALID},
      mixinStandardHelpOptions = true)
  int print(
      @Option(
              names = "--config",
              paramLabel = "FILE",
              description = "YAML file to read. Default: $FANFARE_CONFIG, or none.")
          @Nullable Path file) {
    return report(file, EffectiveYaml::of);
  }

  @Command(
      name = "reference",
      description = "Print every option, in Markdown.",
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
      description = "Print our counterparts of soketi, Reverb and Pusher settings, in Markdown.",
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
      case Reading.Bad bad -> throw new CommandError(spec.exitCodeOnInvalidInput(), bad.text());
    };
  }

  private int say(PrintWriter to, String text) {
    to.print(text);
    to.flush();
    return spec.exitCodeOnSuccess();
  }

  private static String apps(int count) {
    return switch (count) {
      case 0 -> "no app, so each start creates a temporary one";
      case 1 -> "1 app";
      default -> count + " apps";
    };
  }
}
