package dev.fanfare;

import dev.fanfare.config.ConfigReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/// The `fanfare` command. Exit codes: 0 is success, 1 a failed start or a server's refusal, 2 a
/// wrong command line or configuration.
@Command(
    name = "fanfare",
    description = "A realtime server that speaks the Pusher protocol.",
    versionProvider = Version.class,
    mixinStandardHelpOptions = true,
    subcommands = CommandLine.HelpCommand.class,
    footer = {"", "Without a command, the server starts."})
public final class Main {

  private Main() {}

  public static void main(String[] args) {
    CommandLine commandLine = commandLine(System.getenv());
    // Our texts hold more than ASCII, and containers often come without a locale.
    commandLine.setOut(new PrintWriter(System.out, true, StandardCharsets.UTF_8));
    commandLine.setErr(new PrintWriter(System.err, true, StandardCharsets.UTF_8));
    System.exit(commandLine.execute(withCommand(args)));
  }

  static CommandLine commandLine(Map<String, String> environment) {
    ConfigReader reader = new ConfigReader(environment);
    return new CommandLine(new Main())
        .addSubcommand(new StartCommand(reader))
        .addSubcommand(new ConfigCommand(reader))
        .addSubcommand(new HealthCommand(reader))
        .addSubcommand(new WebhooksCommand(reader));
  }

  /// `fanfare` and `fanfare --port 80` start the server, as `fanfare start --port 80` does.
  static String[] withCommand(String[] args) {
    boolean isCommand =
        args.length > 0
            && switch (args[0]) {
              case "-h", "--help", "-V", "--version" -> true;
              default -> !args[0].startsWith("-");
            };
    if (isCommand) {
      return args;
    }
    String[] start = new String[args.length + 1];
    start[0] = "start";
    System.arraycopy(args, 0, start, 1, args.length);
    return start;
  }
}
