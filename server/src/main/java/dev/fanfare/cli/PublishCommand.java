package dev.fanfare.cli;

import dev.fanfare.cli.console.ConsoleClient;
import dev.fanfare.cli.console.Publishes;
import dev.fanfare.cli.console.RowText;
import dev.fanfare.cli.console.TraceText;
import dev.fanfare.config.ConfigReader;
import dev.fanfare.protocol.Json;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

/// `fanfare publish`: publishes one event as a server of the app would.
@Command(
    name = "publish",
    description = "Publish an event on a running server.",
    mixinStandardHelpOptions = true,
    versionProvider = VersionText.class,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:Published; with --trace, the channel has subscribers.",
      "1:The server refused the event or is not reachable; with --trace, there are no subscribers.",
      "2:Wrong command line or configuration."
    })
final class PublishCommand implements Callable<Integer> {

  private static final int PATIENCE_SECONDS = 10;

  private final ConfigReader reader;
  private final Map<String, String> environment;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Mixin private ServerOption server = new ServerOption();

  @Option(
      names = "--except",
      paramLabel = "SOCKET",
      description = "The connection that must not get it.")
  private @Nullable String except;

  @Option(
      names = "--trace",
      description = "Print what became of it on the node. Needs console: true.")
  private boolean trace;

  @Option(
      names = "--console",
      paramLabel = "URL",
      description = "URL of the console for --trace. Default: the configured port.")
  private @Nullable String console;

  @Option(
      names = "--insecure-plain",
      description = "Allow a console on another machine without TLS.")
  private boolean isPlainFine;

  @Parameters(index = "0", paramLabel = "CHANNEL", description = "The channel.")
  private String channel = "";

  @Parameters(index = "1", paramLabel = "EVENT", description = "The event's name.")
  private String event = "";

  @Parameters(index = "2", paramLabel = "DATA", description = "The event's data, usually JSON.")
  private String data = "";

  PublishCommand(ConfigReader reader, Map<String, String> environment) {
    this.reader = reader;
    this.environment = environment;
  }

  @Override
  public Integer call() {
    try (ApiClient client = server.choose(reader)) {
      return trace ? traced(client) : publish(client);
    } catch (IOException e) {
      throw new CommandError(1, "fanfare: " + e.getMessage() + "\n");
    }
  }

  private int publish(ApiClient client) throws IOException {
    Json.Writer body = Json.object().field("name", event).strings("channels", List.of(channel));
    body.field("data", data);
    if (except != null) {
      body.field("socket_id", except);
    }
    ApiClient.Reply reply = client.send("POST", "/events", "", body.utf8());
    if (!reply.isGood()) {
      throw new IOException("the server answered " + reply.status() + ": " + reply.body());
    }
    return spec.exitCodeOnSuccess();
  }

  private int traced(ApiClient client) throws IOException {
    try (ConsoleClient consoleClient = server.console(reader, console, isPlainFine)) {
      Publishes publishes = new Publishes(consoleClient);
      long before = publishes.newest();
      var _ = publish(client);
      JsonNode found =
          publishes.await(
              before,
              each ->
                  channel.equals(each.path("channel").asString(""))
                      && event.equals(each.path("event").asString("")),
              PATIENCE_SECONDS);
      if (found == null) {
        throw new IOException(
            "published, but this console does not know of it; is it one of another node?");
      }
      JsonNode delivered = publishes.delivered(found);
      PrintWriter out = spec.commandLine().getOut();
      out.print(new TraceText(RowText.ofProcess(environment)).summary(delivered));
      out.flush();
      return TraceText.hasSubscribers(delivered) ? spec.exitCodeOnSuccess() : 1;
    }
  }
}
