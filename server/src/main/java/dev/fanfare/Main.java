package dev.fanfare;

import dev.fanfare.config.ConfigReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/// The `fanfare` command. Exit codes: 0 is success, 1 a failed start, a server's refusal or
/// something that the doctor found, 2 a wrong command line or configuration.
@Command(
    name = "fanfare",
    description = "A realtime server that speaks the Pusher protocol.",
    versionProvider = Version.class,
    mixinStandardHelpOptions = true,
    footer = {"", "Without a command, the server starts."})
public final class Main {

  private static final List<String> COMMANDS =
      List.of("start", "config", "doctor", "health", "webhooks", "help");

  private Main() {}

  public static void main(String[] args) {
    String[] words = withCommand(args);
    CommandLine commandLine = commandLine(System.getenv(), words);
    // Our texts hold more than ASCII, and containers often come without a locale.
    commandLine.setOut(new PrintWriter(System.out, true, StandardCharsets.UTF_8));
    commandLine.setErr(new PrintWriter(System.err, true, StandardCharsets.UTF_8));
    System.exit(commandLine.execute(words));
  }

  /// Everything that `words` may need: the one command that they name, else all. To build one takes
  /// as long as a good part of the server's start.
  static CommandLine commandLine(Map<String, String> environment, String... words) {
    ConfigReader reader = new ConfigReader(environment);
    CommandLine commandLine = new CommandLine(new Main());
    boolean isNamed = words.length > 0 && COMMANDS.contains(words[0]) && !"help".equals(words[0]);
    (isNamed ? List.of(words[0]) : COMMANDS)
        .forEach(
            name -> commandLine.addSubcommand(name, command(name, words, reader, environment)));
    return commandLine.setCaseInsensitiveEnumValuesAllowed(true);
  }

  private static Object command(
      String name, String[] words, ConfigReader reader, Map<String, String> environment) {
    return switch (name) {
      case "start" -> StartCommand.commandLine(reader, words.length != 1);
      case "config" -> new ConfigCommand(reader);
      case "doctor" -> new DoctorCommand(reader, environment);
      case "health" -> new HealthCommand(reader);
      case "webhooks" -> new WebhooksCommand(reader);
      default -> new CommandLine.HelpCommand();
    };
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
