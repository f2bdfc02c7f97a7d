package dev.fanfare;

import dev.fanfare.config.ConfigReader;
import dev.fanfare.protocol.MalformedJson;
import java.io.IOException;
import java.io.PrintWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `fanfare webhooks`: asks a running server for an app's webhooks that wait or that nobody took.
@Command(
    name = "webhooks",
    description = "Look at webhooks of a running server that nobody took, and send them again.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    synopsisSubcommandLabel = "COMMAND")
final class WebhooksCommand implements Runnable {

  private static final int FAILED = 1;

  private static final String JSON = "--json";
  private static final String JSON_TEXT = "Print the server's answer as it is.";
  private static final String ID = "ID";
  private static final String ID_TEXT = "The webhook's number.";

  /// Which webhooks to list.
  enum State {
    dead,
    pending
  }

  /// Puts a server's answer for people.
  @FunctionalInterface
  private interface Wording {
    String of(String json) throws MalformedJson;
  }

  private final ConfigReader reader;

  @Spec private CommandSpec spec = CommandSpec.create();

  WebhooksCommand(ConfigReader reader) {
    this.reader = reader;
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "Say list, show, replay or purge.");
  }

  @Command(
      name = "list",
      description = "List webhooks, oldest first.",
      mixinStandardHelpOptions = true)
  int list(
      @Mixin ServerOption server,
      @Option(names = JSON, description = JSON_TEXT) boolean json,
      @Option(
              names = "--state",
              paramLabel = "STATE",
              defaultValue = "dead",
              description = "dead (the default) or pending.")
          State state,
      @Option(
              names = "--after",
              paramLabel = ID,
              defaultValue = "0",
              description = "Only those with higher numbers.")
          long after,
      @Option(
              names = "--limit",
              paramLabel = "COUNT",
              defaultValue = "100",
              description = "At most so many, 1 to 1000.")
          int limit) {
    String query = "after=" + after + "&limit=" + limit + "&state=" + state;
    return ask(server, json, "GET", "/webhooks", query, WebhookText::list);
  }

  @Command(
      name = "show",
      description = "Show everything about one webhook.",
      mixinStandardHelpOptions = true)
  int show(
      @Mixin ServerOption server,
      @Option(names = JSON, description = JSON_TEXT) boolean json,
      @Parameters(paramLabel = ID, description = ID_TEXT) long id) {
    return ask(server, json, "GET", "/webhooks/" + id, "", WebhookText::show);
  }

  @Command(
      name = "replay",
      description = "Send a dead webhook again, as a new one.",
      mixinStandardHelpOptions = true)
  int replay(
      @Mixin ServerOption server,
      @Option(names = JSON, description = JSON_TEXT) boolean json,
      @Parameters(paramLabel = ID, description = ID_TEXT) long id) {
    Wording text =
        reply -> "Webhook " + id + " is sent again, as " + WebhookText.number(reply, "id") + ".\n";
    return ask(server, json, "POST", "/webhooks/" + id + "/replay", "", text);
  }

  @Command(
      name = "purge",
      description = "Throw the app's dead webhooks away.",
      mixinStandardHelpOptions = true)
  int purge(
      @Mixin ServerOption server, @Option(names = JSON, description = JSON_TEXT) boolean json) {
    Wording text = reply -> "Thrown away: " + WebhookText.number(reply, "purged") + ".\n";
    return ask(server, json, "DELETE", "/webhooks", "", text);
  }

  private int ask(
      ServerOption server, boolean json, String method, String path, String query, Wording text) {
    Wording wording = json ? reply -> reply + "\n" : text;
    return switch (server.choose(reader)) {
      case ServerOption.Choice.Bad bad -> {
        say(spec.commandLine().getErr(), bad.text());
        yield spec.exitCodeOnInvalidInput();
      }
      case ServerOption.Choice.Good good -> {
        try (ApiClient client = good.client()) {
          yield tell(client.send(method, path, query), wording);
        } catch (IOException e) {
          yield fail(String.valueOf(e.getMessage()));
        }
      }
    };
  }

  private int tell(ApiClient.Reply reply, Wording wording) {
    if (!reply.isGood()) {
      return fail("the server says " + reply.status() + ": " + reply.body());
    }
    try {
      say(spec.commandLine().getOut(), wording.of(reply.body()));
      return spec.exitCodeOnSuccess();
    } catch (MalformedJson e) {
      return fail("the server's answer makes no sense: " + e.reason());
    }
  }

  private int fail(String reason) {
    say(spec.commandLine().getErr(), "fanfare: " + reason + "\n");
    return FAILED;
  }

  private static void say(PrintWriter to, String text) {
    to.print(text);
    to.flush();
  }
}
