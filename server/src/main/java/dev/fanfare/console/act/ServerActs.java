package dev.fanfare.console.act;

import dev.fanfare.console.route.Access;
import dev.fanfare.console.route.ConsoleCall;
import dev.fanfare.console.route.ConsoleRoute;
import dev.fanfare.console.route.Reply;
import dev.fanfare.protocol.Json;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// What concerns the server as a whole. Any thread; may block.
public final class ServerActs {

  /// Characters of the YAML text: as many as for a few thousand apps.
  private static final int MAX_CHARS = 1 << 20;

  /// Values whose sources are listed, and differences of the file.
  private static final int MAX_LINES = 2_000;

  private final Supplier<@Nullable Program> program;

  /// @param program what the server was started by; gives null if that offers nothing
  public ServerActs(Supplier<@Nullable Program> program) {
    this.program = program;
  }

  /// What is answered.
  public List<ConsoleRoute> routes() {
    return List.of(new ConsoleRoute("GET", "/api/config", Access.OPERATOR, this::config));
  }

  private Reply config(ConsoleCall call) {
    if (!call.known().apps().isEmpty()) {
      return Reply.refusal(403, "The configuration has all apps, but you may see some of them");
    }
    Program around = program.get();
    return around == null
        ? Reply.refusal(404, "This server was not started from a configuration")
        : Reply.of(json(around.config()));
  }

  private static Json.Writer json(ConfigView view) {
    Json.Writer out = Json.object();
    String yaml = view.yaml();
    boolean isLong = yaml.length() > MAX_CHARS;
    out.field("yaml", isLong ? yaml.substring(0, MAX_CHARS) + "\n# and so on\n" : yaml);
    out.startArray("sources");
    for (ConfigView.Origin origin : first(view.sources())) {
      out.startElement().field("key", origin.key()).field("source", origin.source()).endObject();
    }
    out.endArray().strings("restart", view.restart());
    ConfigView.OfFile file = view.file();
    if (file != null) {
      out.startObject("file").field("path", file.path());
      out.field("changed", !file.differences().isEmpty());
      out.strings("differences", first(file.differences())).endObject();
    }
    return out;
  }

  private static <T> List<T> first(List<T> all) {
    return all.subList(0, Math.min(MAX_LINES, all.size()));
  }
}
