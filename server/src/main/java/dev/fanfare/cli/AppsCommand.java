package dev.fanfare.cli;

import dev.fanfare.app.App;
import dev.fanfare.app.Secret;
import dev.fanfare.cli.console.AppText;
import dev.fanfare.cli.console.SignedQuery;
import dev.fanfare.config.Config;
import dev.fanfare.config.ConfigReader;
import dev.fanfare.http.operator.OperatorKey;
import dev.fanfare.protocol.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `fanfare apps`: lists and changes the apps of a running server, as an operator.
@Command(
    name = "apps",
    description = "List and change the apps of a running server.",
    mixinStandardHelpOptions = true,
    versionProvider = VersionText.class,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:Success.",
      "1:The server refused the request or is not reachable.",
      "2:Wrong command line or configuration."
    },
    synopsisSubcommandLabel = "COMMAND")
final class AppsCommand implements Runnable {

  private static final String ROOT = "/operator/apps";
  private static final String JSON = "--json";
  private static final String JSON_TEXT = "Print the server's JSON response.";
  private static final String ID = "ID";
  private static final String ID_TEXT = "The app's id.";
  private static final String FILE = "--file";
  private static final String FILE_TEXT = "JSON file with options as in an entry of apps:.";
  private static final String OPTIONS = "OPTION=VALUE";
  private static final String OPTIONS_TEXT =
      "Such as client_events=true or limits.max_connections=500; null restores a default. A value"
          + " may be JSON.";

  /// The running server, and the operator that a command connects as.
  static final class OperatorOption {

    @Mixin private PlaceOption place = new PlaceOption();

    @Option(names = "--server", paramLabel = "URL", description = "The same as --url.")
    private @Nullable String server;

    @Option(
        names = "--key",
        paramLabel = "KEY",
        description =
            "The operator's key, or the name of a configured one. Default: the only one of"
                + " operator_keys.")
    private @Nullable String key;

    @Option(
        names = "--secret",
        paramLabel = "SECRET",
        description =
            "The operator's secret. Other users of this machine can see it; prefer --secret-file.")
    private @Nullable String secret;

    @Option(
        names = "--secret-file",
        paramLabel = "FILE",
        description = "File that contains the operator's secret.")
    private @Nullable Path secretFile;

    /// A client for the chosen server and operator.
    ApiClient choose(ConfigReader reader) {
      String given = given();
      if (given != null && key == null) {
        throw CommandError.usage("A secret needs --key.");
      }
      boolean isComplete = given != null && key != null;
      boolean isReadNeeded = !isComplete || (server == null && place.isConfigured());
      Config config = isReadNeeded ? place.configuration(reader) : null;
      App signer =
          given == null || key == null
              ? configured(config == null ? List.of() : config.operators(), key).signer()
              : new OperatorKey("operator", key, new Secret(given)).signer();
      if (server != null) {
        return new ApiClient(PlaceOption.flag(server), signer, ROOT, InstantSource.system());
      }
      return new ApiClient(
          config == null ? place.choose(reader) : place.choose(config),
          signer,
          ROOT,
          InstantSource.system());
    }

    private @Nullable String given() {
      if (secret != null && secretFile != null) {
        throw CommandError.usage("Specify either --secret or --secret-file.");
      }
      try {
        return secretFile == null ? secret : Files.readString(secretFile).strip();
      } catch (IOException e) {
        throw CommandError.usage("Cannot read the file of --secret-file: " + e.getMessage() + ".");
      }
    }

    private static OperatorKey configured(List<OperatorKey> all, @Nullable String wanted) {
      List<OperatorKey> found =
          all.stream()
              .filter(
                  each -> wanted == null || each.key().equals(wanted) || each.name().equals(wanted))
              .toList();
      if (found.size() == 1) {
        return found.getFirst();
      }
      String names = all.stream().map(OperatorKey::name).collect(Collectors.joining(", "));
      throw CommandError.usage(
          all.isEmpty()
              ? "No operator key is configured (server.operator_keys); add --key and --secret-file."
              : wanted == null
                  ? "Several operator keys are configured; choose one with --key: " + names + "."
                  : "No operator key " + wanted + " is configured, only " + names + ".");
    }
  }

  private final ConfigReader reader;

  @Spec private CommandSpec spec = CommandSpec.create();

  AppsCommand(ConfigReader reader) {
    this.reader = reader;
  }

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(),
        "Specify list, show, create, change, rotate, disable, enable or delete.");
  }

  @Command(name = "list", description = "List apps by id.", mixinStandardHelpOptions = true)
  int list(
      @Mixin OperatorOption server,
      @Option(names = JSON, description = JSON_TEXT) boolean json,
      @Option(
              names = "--after",
              paramLabel = ID,
              defaultValue = "",
              description = "Only apps after this one.")
          String after,
      @Option(
              names = "--limit",
              paramLabel = "COUNT",
              defaultValue = "100",
              description = "At most this many, 1 to 1000 (default 100).")
          int limit) {
    String query = SignedQuery.encoded(Map.of("after", after)) + "&limit=" + limit;
    return ask(server, json, "GET", "", query, "", AppText::list);
  }

  @Command(
      name = "show",
      description = "Show the options of an app, without secrets.",
      mixinStandardHelpOptions = true)
  int show(
      @Mixin OperatorOption server,
      @Option(names = JSON, description = JSON_TEXT) boolean json,
      @Parameters(paramLabel = ID, description = ID_TEXT) String id) {
    return ask(server, json, "GET", one(id), "", "", AppText::show);
  }

  @Command(
      name = "create",
      description = "Create an app. What is missing of id, key and secret is generated.",
      mixinStandardHelpOptions = true)
  int create(
      @Mixin OperatorOption server,
      @Option(names = JSON, description = JSON_TEXT) boolean json,
      @Option(names = FILE, paramLabel = "FILE", description = FILE_TEXT) @Nullable Path file,
      @Parameters(arity = "0..*", paramLabel = OPTIONS, description = OPTIONS_TEXT)
          @Nullable List<String> options) {
    return ask(server, json, "POST", "", "", body(file, options), AppText::credentials);
  }

  @Command(
      name = "change",
      description = "Change options of an app.",
      mixinStandardHelpOptions = true)
  int change(
      @Mixin OperatorOption server,
      @Option(names = JSON, description = JSON_TEXT) boolean json,
      @Option(names = FILE, paramLabel = "FILE", description = FILE_TEXT) @Nullable Path file,
      @Parameters(index = "0", paramLabel = ID, description = ID_TEXT) String id,
      @Parameters(index = "1..*", arity = "0..*", paramLabel = OPTIONS, description = OPTIONS_TEXT)
          @Nullable List<String> options) {
    String patch = body(file, options);
    if (patch.isEmpty()) {
      throw new ParameterException(
          spec.commandLine(), "Specify what to change: OPTION=VALUE, or --file.");
    }
    return ask(server, json, "PATCH", one(id), "", patch, _ -> "Changed app " + id + ".\n");
  }

  @Command(
      name = "rotate",
      description =
          "Give an app a new secret. The former one stays valid as previous_secret until that is"
              + " set to null.",
      mixinStandardHelpOptions = true)
  int rotate(
      @Mixin OperatorOption server,
      @Option(names = JSON, description = JSON_TEXT) boolean json,
      @Option(
              names = "--drop-previous",
              description = "End the former secret at once, as for one that has leaked.")
          boolean isDropped,
      @Parameters(paramLabel = ID, description = ID_TEXT) String id) {
    String body = Json.object().field("keep_previous", !isDropped).text();
    return ask(server, json, "POST", one(id) + "/rotate", "", body, AppText::credentials);
  }

  @Command(
      name = "disable",
      description = "Disable an app: its connections are closed.",
      mixinStandardHelpOptions = true)
  int disable(
      @Mixin OperatorOption server,
      @Option(names = JSON, description = JSON_TEXT) boolean json,
      @Parameters(paramLabel = ID, description = ID_TEXT) String id) {
    ApiClient.Wording text = _ -> "Disabled app " + id + ".\n";
    return ask(server, json, "POST", one(id) + "/disable", "", "", text);
  }

  @Command(
      name = "enable",
      description = "Enable an app that was disabled.",
      mixinStandardHelpOptions = true)
  int enable(
      @Mixin OperatorOption server,
      @Option(names = JSON, description = JSON_TEXT) boolean json,
      @Parameters(paramLabel = ID, description = ID_TEXT) String id) {
    ApiClient.Wording text = _ -> "Enabled app " + id + ".\n";
    return ask(server, json, "POST", one(id) + "/enable", "", "", text);
  }

  @Command(
      name = "delete",
      description = "Delete an app: its connections are closed.",
      mixinStandardHelpOptions = true)
  int delete(
      @Mixin OperatorOption server,
      @Option(names = JSON, description = JSON_TEXT) boolean json,
      @Parameters(paramLabel = ID, description = ID_TEXT) String id) {
    return ask(server, json, "DELETE", one(id), "", "", _ -> "Deleted app " + id + ".\n");
  }

  private static String one(String id) {
    return "/" + SignedQuery.encoded(id);
  }

  /// The options as JSON; empty for none.
  private String body(@Nullable Path file, @Nullable List<String> options) {
    if (file == null) {
      return options == null ? "" : AppText.body(options);
    }
    if (options != null) {
      throw new ParameterException(
          spec.commandLine(), "Specify either --file or options, not both.");
    }
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw CommandError.usage("Cannot read the file of --file: " + e.getMessage() + ".");
    }
  }

  private int ask(
      OperatorOption server,
      boolean json,
      String method,
      String path,
      String query,
      String body,
      ApiClient.Wording text) {
    try (ApiClient client = server.choose(reader)) {
      byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
      String nonce = "nonce=" + UUID.randomUUID(); // the same request within a second is refused
      String full = query.isEmpty() ? nonce : query + "&" + nonce;
      return client.send(method, path, full, bytes).print(spec, json, text);
    } catch (IOException e) {
      throw ApiClient.Reply.failure(String.valueOf(e.getMessage()));
    }
  }
}
