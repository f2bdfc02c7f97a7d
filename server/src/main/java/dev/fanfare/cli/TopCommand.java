package dev.fanfare.cli;

import dev.fanfare.cli.console.ConsoleClient;
import dev.fanfare.cli.console.RowText;
import dev.fanfare.cli.console.SignedQuery;
import dev.fanfare.cli.console.Terminal;
import dev.fanfare.cli.console.TextScreen;
import dev.fanfare.cli.console.TopText;
import dev.fanfare.config.ConfigReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

/// `fanfare top`: shows what a running server does, once a second.
@Command(
    name = "top",
    description = "Show what a server does, once a second. Keys: s sorts, q quits.",
    mixinStandardHelpOptions = true,
    versionProvider = VersionText.class,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:It was shown.",
      "1:The console refused the request or is not reachable.",
      "2:Wrong command line or configuration."
    })
final class TopCommand implements Callable<Integer> {

  /// Channels are read in pages of a hundred.
  private static final int MAX_PAGES = 10;

  private final ConfigReader reader;
  private final Map<String, String> environment;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Mixin private ServerOption.OfConsole server = new ServerOption.OfConsole();

  @Option(
      names = "--once",
      description = "Print it once and exit, as is done without a terminal, too.")
  private boolean once;

  TopCommand(ConfigReader reader, Map<String, String> environment) {
    this.reader = reader;
    this.environment = environment;
  }

  /// What the console has answered.
  private record Shown(JsonNode overview, List<JsonNode> channels) {}

  @Override
  public Integer call() {
    TopText text = new TopText(RowText.ofProcess(environment));
    PrintWriter out = spec.commandLine().getOut();
    try (ConsoleClient client = server.choose(reader)) {
      Shown first = read(client);
      if (once || text.rows().screen().equals(TextScreen.NONE)) {
        lines(text, client, first, TopText.Order.PUBLISHES).forEach(line -> out.print(line + "\n"));
        out.flush();
      } else {
        try (Terminal terminal = Terminal.enter(out)) {
          watch(terminal, text, client, first);
        }
      }
      return spec.exitCodeOnSuccess();
    } catch (IOException e) {
      throw new CommandError(1, "fanfare: " + e.getMessage() + "\n");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return spec.exitCodeOnSuccess();
    }
  }

  private static Shown read(ConsoleClient client) throws IOException {
    JsonNode overview = client.getOfNode("/api/overview");
    List<JsonNode> channels = new ArrayList<>();
    String next = "";
    for (int page = 0; page < MAX_PAGES && (page == 0 || !next.isEmpty()); page++) {
      String query = next.isEmpty() ? "" : "after=" + SignedQuery.encoded(next);
      JsonNode answer = client.get("/channels", query);
      answer.path("channels").forEach(channels::add);
      next = answer.path("next").asString("");
    }
    return new Shown(overview, channels);
  }

  private static List<String> lines(
      TopText text, ConsoleClient client, Shown shown, TopText.Order order) {
    return text.lines(client.appId(), shown.overview, shown.channels, order);
  }

  /// Until `q` is pressed.
  private static void watch(Terminal terminal, TopText text, ConsoleClient client, Shown first)
      throws InterruptedException {
    BlockingQueue<Integer> keys = new LinkedBlockingQueue<>();
    Thread.ofPlatform().daemon().start(() -> readKeys(keys));
    Shown shown = first;
    TopText.Order order = TopText.Order.PUBLISHES;
    String problem = "";
    while (true) {
      List<String> lines = new ArrayList<>(lines(text, client, shown, order));
      if (!problem.isEmpty()) {
        lines.addFirst(problem);
      }
      terminal.draw(lines);
      @Nullable Integer key = keys.poll(1, TimeUnit.SECONDS);
      if (key != null && key == 'q') {
        return;
      }
      if (key != null) {
        order = key == 's' ? order.next() : order;
        continue;
      }
      try {
        shown = read(client);
        problem = "";
      } catch (IOException e) {
        problem = "fanfare: " + e.getMessage();
      }
    }
  }

  private static void readKeys(BlockingQueue<Integer> keys) {
    try {
      int key;
      while ((key = System.in.read()) >= 0) {
        keys.add(key);
      }
    } catch (IOException e) {
      // no keys any more; Ctrl-C ends it
    }
  }
}
