package dev.fanfare.cli;

import dev.fanfare.config.ConfigReader;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `fanfare webhooks`: lists, replays and deletes an app's pending and undelivered webhooks on a
/// running server.
@Command(
    name = "webhooks",
    description = "List, replay or delete undelivered webhooks of a running server.",
    mixinStandardHelpOptions = true,
    versionProvider = VersionText.class,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:Success.",
      "1:The server refused the request or is not reachable.",
      "2:Wrong command line or configuration."
    },
    synopsisSubcommandLabel = "COMMAND")
final class WebhooksCommand implements Runnable {

  private static final String JSON = "--json";
  private static final String JSON_TEXT = "Print the server's JSON response.";
  private static final String ALL = "--all";
  private static final String ID = "ID";
  private static final String ID_TEXT = "The webhook's ID.";

  /// Which webhooks to list.
  enum State {
    dead,
    pending
  }

  private final ConfigReader reader;

  @Spec private CommandSpec spec = CommandSpec.create();

  WebhooksCommand(ConfigReader reader) {
    this.reader = reader;
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "Specify list, show, replay or purge.");
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
              description = "dead (default) or pending.")
          State state,
      @Option(
              names = "--after",
              paramLabel = ID,
              defaultValue = "0",
              description = "Only webhooks with higher IDs.")
          long after,
      @Option(
              names = "--limit",
              paramLabel = "COUNT",
              defaultValue = "100",
              description = "At most this many, 1 to 1000 (default 100).")
          int limit,
      @Mixin SelectionOption selection) {
    String query = "after=" + after + "&limit=" + limit + "&state=" + state;
    query += selection.isGiven() ? "&" + selection.query() : "";
    return ask(server, json, "GET", "/webhooks", query, WebhookText::list);
  }

  @Command(
      name = "show",
      description = "Show one webhook in full.",
      mixinStandardHelpOptions = true)
  int show(
      @Mixin ServerOption server,
      @Option(names = JSON, description = JSON_TEXT) boolean json,
      @Parameters(paramLabel = ID, description = ID_TEXT) long id) {
    return ask(server, json, "GET", "/webhooks/" + id, "", WebhookText::show);
  }

  @Command(
      name = "replay",
      description = "Send dead letters again: one, some or all. Each gets a new ID.",
      mixinStandardHelpOptions = true)
  int replay(
      @Mixin ServerOption server,
      @Option(names = JSON, description = JSON_TEXT) boolean json,
      @Option(names = ALL, description = "Replay all dead letters of the app.") boolean all,
      @Mixin SelectionOption selection,
      @Parameters(arity = "0..1", paramLabel = ID, description = ID_TEXT) @Nullable Long id) {
    if (id == null) {
      checkScope(all, selection, "an ID, ");
      ApiClient.Wording text =
          reply -> "Replayed: " + WebhookText.number(reply, "replayed") + ".\n";
      return ask(server, json, "POST", "/webhooks/replay", selection.query(), text);
    }
    if (all || selection.isGiven()) {
      throw new ParameterException(
          spec.commandLine(), "An ID selects one webhook; drop the other options.");
    }
    ApiClient.Wording text =
        reply -> "Replayed webhook " + id + " as " + WebhookText.number(reply, "id") + ".\n";
    return ask(server, json, "POST", "/webhooks/" + id + "/replay", "", text);
  }

  @Command(
      name = "purge",
      description = "Delete the app's dead letters, some or all.",
      mixinStandardHelpOptions = true)
  int purge(
      @Mixin ServerOption server,
      @Option(names = JSON, description = JSON_TEXT) boolean json,
      @Option(names = ALL, description = "Delete all dead letters of the app.") boolean all,
      @Mixin SelectionOption selection) {
    checkScope(all, selection, "");
    ApiClient.Wording text = reply -> "Deleted: " + WebhookText.number(reply, "purged") + ".\n";
    return ask(server, json, "DELETE", "/webhooks", selection.query(), text);
  }

  /// Nothing is replayed or deleted in bulk by leaving an option out.
  private void checkScope(boolean all, SelectionOption selection, String others) {
    if (all == selection.isGiven()) {
      String text = "Specify either " + others + "--all, or any of --endpoint, --since, --until.";
      throw new ParameterException(spec.commandLine(), text);
    }
  }

  private int ask(
      ServerOption server,
      boolean json,
      String method,
      String path,
      String query,
      ApiClient.Wording text) {
    try (ApiClient client = server.choose(reader)) {
      return client.send(method, path, query).print(spec, json, text);
    } catch (IOException e) {
      throw ApiClient.Reply.failure(String.valueOf(e.getMessage()));
    }
  }
}
