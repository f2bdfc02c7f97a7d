package dev.fanfare.cli;

import dev.fanfare.cli.console.LinkRequest;
import dev.fanfare.config.ConfigReader;
import dev.fanfare.console.login.PasswordHash;
import java.io.BufferedReader;
import java.io.Console;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Arrays;
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
    description = "Prepare logins to the console of a server.",
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

  private static final int MIN_CHARS = 8;

  private final InputStream in = System.in;
  private final ConfigReader reader;
  private final Map<String, String> environment;

  @Spec private CommandSpec spec = CommandSpec.create();

  ConsoleCommand(ConfigReader reader, Map<String, String> environment) {
    this.reader = reader;
    this.environment = environment;
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "Specify link or hash.");
  }

  @Command(
      name = "hash",
      description =
          "Read a password, from the terminal or standard input, and print its hash for"
              + " console_users.",
      mixinStandardHelpOptions = true)
  int hash() {
    String password = password();
    if (password.length() < MIN_CHARS || password.length() > PasswordHash.MAX_CHARS) {
      throw CommandError.usage(
          "A password must have from "
              + MIN_CHARS
              + " to "
              + PasswordHash.MAX_CHARS
              + " characters.");
    }
    PrintWriter out = spec.commandLine().getOut();
    out.print(PasswordHash.of(password, new SecureRandom()).text() + "\n");
    out.flush();
    return spec.exitCodeOnSuccess();
  }

  /// One line. A terminal asks twice and does not show it.
  @SuppressWarnings("SystemConsoleNull") // in JDK 25 it is null in a pipe, as before JDK 22
  private String password() {
    Console console = System.console();
    if (console == null || !console.isTerminal()) {
      return line();
    }
    char[] first = console.readPassword("Password: ");
    char[] second = console.readPassword("Again: ");
    if (first == null || second == null || !Arrays.equals(first, second)) {
      throw CommandError.usage("The two passwords differ.");
    }
    return new String(first);
  }

  private String line() {
    try {
      BufferedReader reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
      String line = reader.readLine();
      return line == null ? "" : line;
    } catch (IOException e) {
      throw new CommandError(1, "fanfare: cannot read the password: " + e.getMessage() + "\n");
    }
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
          @Nullable String url,
      @Option(
              names = "--insecure-plain",
              description = "Allow a console on another machine without TLS.")
          boolean isPlainFine) {
    URI place = ServerOption.consolePlace(file.configuration(reader), url);
    LinkRequest request = new LinkRequest(ServerOption.checked(place, isPlainFine), environment);
    try {
      spec.commandLine().getOut().print(request.send() + "\n");
      spec.commandLine().getOut().flush();
      return spec.exitCodeOnSuccess();
    } catch (IOException e) {
      throw new CommandError(1, "fanfare: " + e.getMessage() + "\n");
    }
  }
}
