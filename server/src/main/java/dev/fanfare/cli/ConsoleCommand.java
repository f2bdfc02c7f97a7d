package dev.fanfare.cli;

import dev.fanfare.cli.console.LinkRequest;
import dev.fanfare.config.ConfigReader;
import java.io.IOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `fanfare console`: what the console of a server needs on the command line.
@Command(
    name = "console",
    description = "Log in to the console of a running server.",
    mixinStandardHelpOptions = true,
    versionProvider = VersionText.class,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:Success.",
      "1:The console refused the request or is not reachable.",
      "2:Wrong command line or configuration."
    },
    synopsisSubcommandLabel = "COMMAND")
final class ConsoleCommand implements Runnable {

  private final ConfigReader reader;
  private final Map<String, String> environment;

  @Spec private CommandSpec spec = CommandSpec.create();

  ConsoleCommand(ConfigReader reader, Map<String, String> environment) {
    this.reader = reader;
    this.environment = environment;
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "Specify link.");
  }

  @Command(
      name = "link",
      description =
          "Print a link that logs in once within ten minutes. Must run on the server's machine, as"
              + " the server's user or root.",
      mixinStandardHelpOptions = true)
  int link(
      @Mixin PlaceOption.File file,
      @Option(
              names = "--url",
              paramLabel = "URL",
              description = "URL of the console. Default: the configured port on this machine.")
          @Nullable String url) {
    LinkRequest request =
        new LinkRequest(ServerOption.consolePlace(file.configuration(reader), url), environment);
    try {
      spec.commandLine().getOut().print(request.send() + "\n");
      spec.commandLine().getOut().flush();
      return spec.exitCodeOnSuccess();
    } catch (IOException e) {
      throw new CommandError(1, "fanfare: " + e.getMessage() + "\n");
    }
  }
}
