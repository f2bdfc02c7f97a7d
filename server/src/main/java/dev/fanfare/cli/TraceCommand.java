package dev.fanfare.cli;

import dev.fanfare.cli.console.ConsoleClient;
import dev.fanfare.cli.console.Publishes;
import dev.fanfare.cli.console.RowText;
import dev.fanfare.cli.console.TraceText;
import dev.fanfare.config.ConfigReader;
import dev.fanfare.protocol.JsonDocument;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

/// `fanfare trace`: waits for the next publish to a channel and says what became of it.
@Command(
    name = "trace",
    description = "Wait for the next publish to a channel and print what became of it.",
    mixinStandardHelpOptions = true,
    versionProvider = VersionText.class,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:It was published and, as far as the server knows, has arrived.",
      "1:It was refused or has not arrived, there was none, or the console is not reachable.",
      "2:Wrong command line or configuration."
    })
final class TraceCommand implements Callable<Integer> {

  private final ConfigReader reader;
  private final Map<String, String> environment;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Mixin private ServerOption.OfConsole server = new ServerOption.OfConsole();

  @Option(
      names = "--channel",
      required = true,
      paramLabel = "NAME",
      description = "The channel, spelled as its publisher spells it.")
  private String channel = "";

  @Option(
      names = "--socket",
      paramLabel = "ID",
      description = "Print the ten steps on its way to this connection.")
  private @Nullable String socket;

  @Option(names = "--last", description = "Use the last publish instead of the next one.")
  private boolean last;

  @Option(
      names = "--timeout",
      paramLabel = "SECONDS",
      defaultValue = "60",
      description = "Wait for this long (default 60).")
  private int timeout;

  @Option(names = "--json", description = "Print the console's JSON.")
  private boolean json;

  TraceCommand(ConfigReader reader, Map<String, String> environment) {
    this.reader = reader;
    this.environment = environment;
  }

  @Override
  public Integer call() {
    try (ConsoleClient client = server.choose(reader)) {
      Publishes publishes = new Publishes(client);
      JsonNode found = last ? publishes.last(channel) : next(publishes);
      if (found == null) {
        throw new IOException(
            last
                ? "no publish to " + channel + " is remembered"
                : "no publish to " + channel + " within " + timeout + " s");
      }
      return report(publishes, publishes.delivered(found));
    } catch (IOException e) {
      throw new CommandError(1, "fanfare: " + e.getMessage() + "\n");
    }
  }

  /// A refused request has no channel, but may be the one that is waited for.
  private @Nullable JsonNode next(Publishes publishes) throws IOException {
    long after = publishes.newest();
    PrintWriter err = spec.commandLine().getErr();
    err.print("Waiting for the next publish to " + channel + " …\n");
    err.flush();
    return publishes.await(
        after,
        trace -> trace.has("status") || channel.equals(trace.path("channel").asString("")),
        timeout);
  }

  private int report(Publishes publishes, JsonNode trace) throws IOException {
    TraceText text = new TraceText(RowText.ofProcess(environment));
    PrintWriter out = spec.commandLine().getOut();
    boolean hasArrived;
    if (socket == null) {
      out.print(json ? JsonDocument.text(trace) + "\n" : text.summary(trace));
      hasArrived = TraceText.hasSubscribers(trace);
    } else {
      JsonNode chain = publishes.chain(trace, socket);
      out.print(json ? JsonDocument.text(chain) + "\n" : text.chain(chain));
      hasArrived =
          chain
              .path("steps")
              .valueStream()
              .noneMatch(step -> step.path("made").asString("").equals("no"));
    }
    out.flush();
    return hasArrived ? spec.exitCodeOnSuccess() : 1;
  }
}
