package dev.fanfare.config.foreign;

import dev.fanfare.config.schema.Draft;
import dev.fanfare.config.schema.Option;
import dev.fanfare.config.schema.Section;
import dev.fanfare.config.value.Problems;
import dev.fanfare.config.value.Source;
import dev.fanfare.config.value.Written;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Reads soketi's JSON file: `"appManager.array.apps": […]` and other keys, with dots or nested.
/// Confined to one reading.
public final class SoketiFile {

  /// What such a file says.
  ///
  /// @param engine about joining nodes, by the name of the variable with the same meaning
  public record Content(Draft draft, Map<String, EngineValue> engine) {

    /// The content of a file of ours.
    public static Content of(Draft draft) {
      return new Content(draft, Map.of());
    }
  }

  private static final Family FAMILY = SoketiNames.FAMILY;
  private static final String APPS = "appManager.array.apps";
  private static final List<String> OURS = List.of("server", "apps");

  /// A key that both servers have, so it identifies neither.
  private static final String BOTH = "webhooks";

  private final Problems problems;
  private final Translation translation;
  private final Section server;
  private final Section webhooks;
  private final List<Written.Entry> ofAllApps = new ArrayList<>();
  // Read last, whatever the order of the file.
  private final List<Written.Entry> refining = new ArrayList<>();
  private final List<Section> apps = new ArrayList<>();
  private final Map<String, EngineValue> engine = new HashMap<>();

  private SoketiFile(Source start, Problems problems) {
    this.problems = problems;
    translation = new Translation(FAMILY, problems);
    server = new Section(start, option -> path(Alias.Part.SERVER, option));
    webhooks = new Section(start, option -> path(Alias.Part.WEBHOOKS, option));
  }

  /// True if it has keys of soketi's and none that only our files have.
  public static boolean isOne(Written root) {
    if (!(root instanceof Written.Mapping mapping)) {
      return false;
    }
    List<String> keys = mapping.entries().stream().map(Written.Entry::key).toList();
    return keys.stream().noneMatch(OURS::contains)
        && keys.stream().anyMatch(key -> !key.equals(BOTH) && isTheirs(key));
  }

  /// True if soketi knows the key, or keys below it.
  private static boolean isTheirs(String key) {
    Stream<@Nullable String> paths =
        Stream.of(
                FAMILY.aliases().stream().map(Alias::path),
                FAMILY.engine().stream().map(EngineName::path),
                FAMILY.unsupported().stream().map(Family.Unsupported::path))
            .flatMap(each -> each);
    return key.startsWith("appManager")
        || paths.anyMatch(path -> path != null && (path.equals(key) || path.startsWith(key + ".")));
  }

  /// The settings of such a file; everything wrong with it goes to `problems`.
  public static Content read(Written root, Problems problems) {
    SoketiFile file = new SoketiFile(root.source(), problems);
    List<Written> lists = new ArrayList<>();
    flatten(
        "",
        root,
        (key, entry) -> {
          Alias alias = alias(key);
          if (key.equals(APPS)) {
            lists.add(entry.value());
          } else if (alias != null && alias.refines()) {
            file.refining.add(new Written.Entry(key, entry.source(), entry.value()));
          } else {
            file.take(key, entry);
          }
        });
    file.refining.forEach(entry -> file.take(entry.key(), entry));
    lists.forEach(file::apps);
    Section server = file.server.over(file.translation.assumedServer(file.server, false));
    Section database = Draft.empty().database();
    EngineValue driver = file.engine.get(SoketiDatabase.DRIVER);
    if (driver != null && SoketiDatabase.isSql(driver)) {
      database.forRows().add(file.forRows());
    }
    Draft draft =
        new Draft(server, file.webhooks, Draft.empty().cluster(), database, List.copyOf(file.apps));
    return new Content(draft, file.engine);
  }

  private static void flatten(
      String prefix, Written written, BiConsumer<String, Written.Entry> take) {
    if (written instanceof Written.Mapping mapping) {
      for (Written.Entry entry : mapping.entries()) {
        String key = prefix + entry.key();
        if (entry.value() instanceof Written.Mapping) {
          flatten(key + ".", entry.value(), take);
        } else {
          take.accept(key, entry);
        }
      }
    }
  }

  private void take(String key, Written.Entry entry) {
    Alias alias = alias(key);
    Family.Unsupported unsupported = FAMILY.unsupported(key);
    if (entry.value() instanceof Written.Nothing) {
      return;
    }
    EngineName ofEngine = engineName(key);
    if (ofEngine != null) {
      engine.put(ofEngine.variable(), new EngineValue(key, entry.source(), entry.value(), false));
    }
    if (unsupported != null && entry.value() instanceof Written.Scalar value) {
      unsupported.check(key, value, problems);
      return;
    }
    if (ofEngine != null) {
      return;
    }
    String shown = new Written.Scalar(key, entry.source()).described();
    if (alias == null) {
      problems.warn(entry.source(), shown + " is not used");
      return;
    }
    if (alias.refines() && !Translation.isRefinable(webhooks, alias)) {
      problems.warn(entry.source(), shown + " is not used, since its feature is not switched on");
      return;
    }
    switch (alias.part()) {
      case SERVER -> translation.put(server, alias, key, entry.value());
      case WEBHOOKS -> translation.put(webhooks, alias, key, entry.value());
      case APP -> ofAllApps.add(new Written.Entry(key, entry.source(), entry.value()));
    }
  }

  private void apps(Written written) {
    if (!(written instanceof Written.Items list)) {
      problems.error(written.source(), APPS + " must be a list of apps");
      return;
    }
    for (Written item : list.items()) {
      if (item instanceof Written.Mapping mapping) {
        apps.add(app(mapping));
      } else {
        problems.error(item.source(), APPS + " has an item that is not an app");
      }
    }
  }

  private Section app(Written.Mapping mapping) {
    String path = APPS + "[" + apps.size() + "]";
    Section app = new Section(mapping.source(), option -> path + "." + appKey(option));
    for (Written.Entry entry : mapping.entries()) {
      String name = path + "." + entry.key();
      Alias alias = ofApp(entry.key());
      if (alias == null) {
        problems.warn(entry.source(), path + " has a key that is not used" + shown(entry));
      } else if (!(entry.value() instanceof Written.Nothing)) {
        translation.put(app, alias, name, entry.value());
      }
    }
    for (Written.Entry entry : ofAllApps) {
      Alias alias = alias(entry.key());
      if (alias != null && isWanted(app, alias)) {
        translation.put(app, alias, entry.key(), entry.value());
      }
    }
    return app.over(translation.assumedApp(app));
  }

  /// What is said about all apps, for those in a database.
  private Section forRows() {
    Section all = new Section(server.source(), option -> path(Alias.Part.APP, option));
    for (Written.Entry entry : ofAllApps) {
      Alias alias = alias(entry.key());
      if (alias != null) {
        translation.put(all, alias, entry.key(), entry.value());
      }
    }
    return all;
  }

  private static boolean isWanted(Section app, Alias alias) {
    Option<?> option = alias.option();
    Option<Boolean> only = alias.only();
    return option != null && !app.has(option) && (only == null || app.get(only));
  }

  private static String shown(Written.Entry entry) {
    return ": " + new Written.Scalar(entry.key(), entry.source()).described();
  }

  private static @Nullable EngineName engineName(String path) {
    return FAMILY.engine().stream()
        .filter(name -> path.equals(name.path()))
        .findFirst()
        .orElse(null);
  }

  private static @Nullable Alias alias(String path) {
    return FAMILY.aliases().stream()
        .filter(alias -> path.equals(alias.path()))
        .findFirst()
        .orElse(null);
  }

  private static @Nullable Alias ofApp(String key) {
    return FAMILY.aliases().stream()
        .filter(alias -> key.equals(alias.appKey()))
        .findFirst()
        .orElse(null);
  }

  private static String path(Alias.Part part, Option<?> option) {
    for (Alias alias : FAMILY.aliases()) {
      String path = alias.path();
      if (alias.part() == part && alias.sets(option) && path != null) {
        return path;
      }
    }
    return option.key();
  }

  private static String appKey(Option<?> option) {
    for (Alias alias : FAMILY.aliases()) {
      String key = alias.appKey();
      if (alias.sets(option) && key != null) {
        return key;
      }
    }
    return option.key();
  }
}
