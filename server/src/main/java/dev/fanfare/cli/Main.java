package dev.fanfare.cli;

import dev.fanfare.config.ConfigReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/// The `fanfare` command.
@Command(
    name = "fanfare",
    description = "A self-hosted server for the Pusher Channels protocol.",
    versionProvider = VersionText.class,
    mixinStandardHelpOptions = true,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:Success.",
      "1:The server failed to start, refused a request or is not ready, or a check failed.",
      "2:Wrong command line or configuration.",
      "137:A second signal arrived during shutdown."
    },
    footer = {"", "Without a command, the server starts."})
public final class Main {

  private static final List<String> COMMANDS =
      List.of(
          "start",
          "apps",
          "config",
          "console",
          "doctor",
          "health",
          "publish",
          "tail",
          "top",
          "trace",
          "webhooks",
          "completion",
          "help");

  /// Lets Netty allocate and count direct memory itself. The JDK's own way makes an event loop wait
  /// for half a second before it says that there is no more.
  private static final String DIRECT_BUFFERS = "io.netty.tryReflectionSetAccessible";

  /// Netty would follow one buffer in 128, with a stack trace for each. Tests do; a server that is
  /// in use does not, unless that is asked for.
  private static final String LEAK_DETECTION = "io.netty.leakDetection.level";

  private Main() {}

  public static void main(String[] args) {
    String[] words = withCommand(args);
    CollectorChoice.apply(words[0]);
    setDefaults(System.getProperties());
    CommandLine commandLine = commandLine(System.getenv(), words);
    // Our texts contain more than ASCII, and containers often have no locale.
    commandLine.setOut(new PrintWriter(System.out, true, StandardCharsets.UTF_8));
    commandLine.setErr(new PrintWriter(System.err, true, StandardCharsets.UTF_8));
    System.exit(commandLine.execute(words));
  }

  /// Sets what Netty reads when it is loaded, unless it is set already.
  static void setDefaults(Properties properties) {
    properties.putIfAbsent(DIRECT_BUFFERS, "true");
    properties.putIfAbsent(LEAK_DETECTION, "disabled");
  }

  /// The command line for `words`: with the one command that they name, else with all. Building one
  /// takes a considerable part of the server's start-up time.
  static CommandLine commandLine(Map<String, String> environment, String... words) {
    ConfigReader reader = new ConfigReader(environment);
    CommandLine commandLine = new CommandLine(new Main());
    boolean isNamed = words.length > 0 && COMMANDS.contains(words[0]) && !"help".equals(words[0]);
    (isNamed ? List.of(words[0]) : COMMANDS)
        .forEach(
            name -> commandLine.addSubcommand(name, command(name, words, reader, environment)));
    return commandLine
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setParameterExceptionHandler(new WrongCommandLine())
        .setExecutionExceptionHandler(CommandError::handle);
  }

  private static Object command(
      String name, String[] words, ConfigReader reader, Map<String, String> environment) {
    return switch (name) {
      case "start" -> StartCommand.commandLine(reader, words.length != 1);
      case "apps" -> new AppsCommand(reader);
      case "config" -> new ConfigCommand(reader);
      case "console" -> new ConsoleCommand(reader, environment);
      case "doctor" -> new DoctorCommand(reader, environment);
      case "health" -> new HealthCommand(reader);
      case "publish" -> new PublishCommand(reader, environment);
      case "tail" -> new TailCommand(reader, environment);
      case "top" -> new TopCommand(reader, environment);
      case "trace" -> new TraceCommand(reader, environment);
      case "webhooks" -> new WebhooksCommand(reader);
      case "completion" -> new CompletionCommand();
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
