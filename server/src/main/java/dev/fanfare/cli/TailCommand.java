package dev.fanfare.cli;

import dev.fanfare.cli.console.ConsoleClient;
import dev.fanfare.cli.console.EventReader;
import dev.fanfare.cli.console.RowText;
import dev.fanfare.cli.console.SignedQuery;
import dev.fanfare.config.ConfigReader;
import dev.fanfare.protocol.JsonDocument;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

/// `fanfare tail`: prints what happens to an app on a running server, as it happens.
@Command(
    name = "tail",
    description = "Print what happens to an app, as it happens. Needs console: true.",
    mixinStandardHelpOptions = true,
    versionProvider = VersionText.class,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:--count rows were printed.",
      "1:The console refused the request, is not reachable, or has stopped.",
      "2:Wrong command line or configuration."
    })
final class TailCommand implements Callable<Integer> {

  private static final String TEXT = "TEXT";

  private final ConfigReader reader;
  private final Map<String, String> environment;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Mixin private ServerOption.OfConsole server = new ServerOption.OfConsole();

  @Option(
      names = "--channel",
      paramLabel = "REGEX",
      description = "Only channels whose whole name matches this, in the syntax of RE2.")
  private @Nullable String channel;

  @Option(
      names = "--kind",
      paramLabel = "KINDS",
      description =
          "Only these, with commas between: connect, close, refuse, subscribe, unsubscribe, signin,"
              + " publish, client_event, drop, webhook, quota, occupied, vacated, member, reload;"
              + " and request, which is printed only if it is named.")
  private @Nullable String kind;

  @Option(names = "--event", paramLabel = TEXT, description = "Only events with this name.")
  private @Nullable String event;

  @Option(names = "--socket", paramLabel = "ID", description = "Only this connection.")
  private @Nullable String socket;

  @Option(names = "--user", paramLabel = "ID", description = "Only this user.")
  private @Nullable String user;

  @Option(
      names = "--address",
      paramLabel = TEXT,
      description = "Only clients and publishers whose address begins like this.")
  private @Nullable String address;

  @Option(names = "--json", description = "Print one JSON object per line.")
  private boolean json;

  @Option(
      names = "--count",
      paramLabel = "ROWS",
      description = "Exit after this many rows (default 0: never).")
  private long count;

  TailCommand(ConfigReader reader, Map<String, String> environment) {
    this.reader = reader;
    this.environment = environment;
  }

  @Override
  public Integer call() {
    Map<String, String> query = new LinkedHashMap<>();
    put(query, "channel", channel);
    put(query, "kind", kind);
    put(query, "event", event);
    put(query, "socket", socket);
    put(query, "user", user);
    put(query, "address", address);
    try (ConsoleClient client = server.choose(reader);
        EventReader events = client.stream(SignedQuery.encoded(query))) {
      return print(events);
    } catch (IOException e) {
      throw new CommandError(1, "fanfare: " + e.getMessage() + "\n");
    }
  }

  private static void put(Map<String, String> query, String name, @Nullable String value) {
    if (value != null) {
      query.put(name, value);
    }
  }

  private int print(EventReader events) throws IOException {
    RowText text = RowText.ofProcess(environment);
    PrintWriter out = spec.commandLine().getOut();
    long printed = 0;
    EventReader.Batch batch;
    while ((batch = events.next()) != null) {
      for (JsonNode row : batch.rows()) {
        out.print((json ? JsonDocument.text(row) : text.line(row)) + "\n");
        printed++;
        if (printed == count) {
          out.flush();
          return spec.exitCodeOnSuccess();
        }
      }
      if (batch.skipped() > 0) {
        PrintWriter notes = json ? spec.commandLine().getErr() : out;
        notes.print(text.skipped(batch) + "\n");
        notes.flush();
      }
      if (out.checkError()) {
        return spec.exitCodeOnSuccess(); // its reader, such as head, has all that it needs
      }
    }
    throw new IOException("the console has stopped");
  }
}
