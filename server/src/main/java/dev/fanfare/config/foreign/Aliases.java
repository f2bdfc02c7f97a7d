package dev.fanfare.config.foreign;

import dev.fanfare.config.layer.ServiceLinks;
import dev.fanfare.config.schema.AppSchema;
import dev.fanfare.config.schema.ClusterSchema;
import dev.fanfare.config.schema.DatabaseSchema;
import dev.fanfare.config.schema.Draft;
import dev.fanfare.config.schema.Option;
import dev.fanfare.config.schema.Section;
import dev.fanfare.config.schema.Setting;
import dev.fanfare.config.value.Problems;
import dev.fanfare.config.value.Source;
import dev.fanfare.config.value.Written;
import dev.fanfare.protocol.Parsed;
import dev.fanfare.sql.DatabaseOptions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Reads the variables of other servers: `SOKETI_…`, `REVERB_…`, `PUSHER_APP_…`. Our variable for
/// the same option always wins, and so does `FANFARE_CLUSTER_BUS` over all that joins nodes. Each
/// variable that is read or ignored gets a warning. Confined to one reading.
public final class Aliases {

  static final List<Family> FAMILIES =
      List.of(SoketiNames.FAMILY, ReverbNames.FAMILY, PusherNames.FAMILY);

  private static final List<Option<?>> NAMING =
      List.of(AppSchema.ID, AppSchema.KEY, AppSchema.SECRET);

  /// Values that switch off a feature without counterpart here; they need no warning.
  private static final Set<String> HARMLESS =
      Set.of("array", "local", "memory", "sync", "full", "false", "0");

  /// The result: two layers.
  ///
  /// @param assumed defaults of the other server; below a file
  /// @param said values of variables; above a file
  public record Layers(Draft assumed, Draft said) {}

  private final Map<Family, Map<String, String>> given = new LinkedHashMap<>();
  private final Draft ours;
  private final Problems problems;
  // The alias that set an option, by our own name of the option.
  private final Map<String, String> aliasOf = new LinkedHashMap<>();
  // Of one family, by reason.
  private final Map<String, List<String>> unused = new LinkedHashMap<>();
  // What other servers' variables and files say about joining nodes.
  private final Map<Family, EngineReader> engines = new LinkedHashMap<>();
  private final Section server = section(Alias.Part.SERVER);
  private final Section webhooks = section(Alias.Part.WEBHOOKS);
  private final List<Section> apps = new ArrayList<>();
  private final @Nullable Family naming;
  private final Section database;

  private Aliases(
      Map<String, String> variables,
      Draft file,
      Map<String, EngineValue> engine,
      Draft ours,
      Problems problems) {
    this.ours = ours;
    this.problems = problems;
    for (Family family : FAMILIES) {
      given.put(family, of(family, variables));
      Map<String, EngineValue> values = new TreeMap<>();
      if (family.equals(SoketiNames.FAMILY)) {
        values.putAll(engine);
      }
      values.putAll(engine(family, variables));
      engines.put(family, new EngineReader(values, ours.cluster(), problems));
    }
    database = database();
    naming = naming(file);
  }

  private Section section(Alias.Part part) {
    return new Section(
        Source.DEFAULT, option -> aliasOf.getOrDefault(part.ours(option), part.ours(option)));
  }

  /// Reads all families.
  ///
  /// @param file what a configuration file sets
  /// @param engine what soketi's file says about joining nodes, which needs the variables, too
  /// @param ours what `FANFARE_…` variables set
  public static Layers read(
      Map<String, String> variables,
      Draft file,
      Map<String, EngineValue> engine,
      Draft ours,
      Problems problems) {
    return new Aliases(variables, file, engine, ours, problems).read(file.isWritten());
  }

  /// Variables with an empty value count as unset: many a `.env` lists them.
  private static Map<String, String> of(Family family, Map<String, String> variables) {
    Map<String, String> given = new TreeMap<>();
    variables.forEach((name, value) -> {
      if (name.startsWith(family.prefix())
          && !value.isBlank()
          && !ServiceLinks.contain(name.substring(family.prefix().length()), value)) {
        given.put(name, value);
      }
    });
    return given;
  }

  /// The variables about joining nodes. Reverb's include some of the whole application's.
  private static Map<String, EngineValue> engine(Family family, Map<String, String> variables) {
    Map<String, EngineValue> given = new TreeMap<>();
    for (EngineName name : family.engine()) {
      String variable = name.variable();
      String value = variables.getOrDefault(variable, "");
      boolean isShared = !variable.startsWith(family.prefix());
      boolean isUnset =
          value.isBlank()
              || (isShared && ReverbEngine.isUnset(value))
              || ServiceLinks.contain(variable.substring(variable.indexOf('_') + 1), value);
      if (!isUnset) {
        given.put(variable, EngineValue.variable(variable, value));
      }
    }
    return given;
  }

  /// Where soketi's apps are, if they are in a database.
  private Section database() {
    EngineReader soketi = engine(SoketiNames.FAMILY).building(ours.database());
    SoketiDatabase.read(soketi);
    return soketi.made();
  }

  /// True if no variable can name an app.
  private boolean hasDatabase() {
    return database.has(DatabaseSchema.APPS_FROM)
        || ours.database().get(DatabaseSchema.APPS_FROM) != DatabaseOptions.Kind.NONE;
  }

  /// What joins the nodes: of the first server whose settings say so.
  private Section cluster() {
    EngineReader soketi = engine(SoketiNames.FAMILY);
    SoketiEngine.read(soketi);
    soketi.warnOfUnused();
    if (soketi.made().has(ClusterSchema.BUS)) {
      return soketi.made();
    }
    EngineReader reverb = engine(ReverbNames.FAMILY);
    ReverbEngine.read(reverb, problems);
    return reverb.made();
  }

  private EngineReader engine(Family family) {
    return Objects.requireNonNull(engines.get(family));
  }

  private Layers read(boolean hasFile) {
    Section cluster = cluster();
    Section listening = Draft.empty().server();
    List<Section> beneath = List.of();
    for (Family family : FAMILIES) {
      Translation translation = new Translation(family, problems);
      Section app = translation.section(Alias.Part.APP, Source.variable(family.prefix() + "*"));
      for (Alias alias : family.aliases()) {
        take(family, alias, translation, app);
      }
      warn(unused, " is not used, since ", " are not used, since ");
      unused.clear();
      if (isUsed(family)) {
        // Only a server that names its app, and has no file of ours, listens where it did.
        boolean hasApps =
            family.equals(naming)
                || (family.equals(SoketiNames.FAMILY) && database.has(DatabaseSchema.APPS_FROM));
        boolean listens = hasApps && !hasFile;
        listening = translation.assumedServer(server, listens).over(listening);
      }
      if (family.equals(naming)) {
        beneath = assumedApp(translation, app);
      } else if (hasDatabase() && family.equals(SoketiNames.FAMILY)) {
        database.forRows().add(app);
      }
      unsupported(family);
      idle(family);
    }
    Draft assumed = Draft.empty().withApps(beneath).withServer(listening);
    return new Layers(assumed, new Draft(server, webhooks, cluster, database, List.copyOf(apps)));
  }

  /// True if a variable of the family is set that its server knows.
  private boolean isUsed(Family family) {
    return given.getOrDefault(family, Map.of()).keySet().stream().anyMatch(family::knows);
  }

  /// The section of the family's defaults for its app, if the app has an id; otherwise the app has
  /// them already.
  private List<Section> assumedApp(Translation translation, Section app) {
    Section beneath = translation.assumedApp(app);
    boolean isNamed = name(app, beneath) && name(beneath, app);
    apps.add(isNamed ? app : app.over(beneath));
    return isNamed ? List.of(beneath) : List.of();
  }

  /// Gives an app the id of the other section about it, so that they are merged; false if there is
  /// none.
  private boolean name(Section app, Section other) {
    Setting<String> id = other.find(AppSchema.ID);
    if (!app.has(AppSchema.ID) && id != null) {
      app.put(AppSchema.ID, new Written.Scalar(id.value(), id.source()), problems);
    }
    return app.find(AppSchema.ID) != null;
  }

  /// The family that names the app: the first that sets a part of one. Many programs have the
  /// variables of the hosted service, so these count only if they are complete and nothing else
  /// names an app.
  private @Nullable Family naming(Draft file) {
    if (hasDatabase() || ours.apps().stream().anyMatch(each -> each.has(AppSchema.ID))) {
      return null;
    }
    for (Family family : FAMILIES) {
      boolean isHosted = family.equals(PusherNames.FAMILY);
      long parts =
          family.aliases().stream()
              .filter(alias -> NAMING.stream().anyMatch(alias::sets))
              .filter(alias -> value(family, alias) != null)
              .count();
      if (isHosted ? parts == NAMING.size() && file.apps().isEmpty() : parts > 0) {
        return family;
      }
    }
    return null;
  }

  private @Nullable String value(Family family, Alias alias) {
    return given.getOrDefault(family, Map.of()).get(family.name(alias));
  }

  private void take(Family family, Alias alias, Translation translation, Section own) {
    String name = family.name(alias);
    String text = value(family, alias);
    if (text == null) {
      return;
    }
    if (checkUse(family, alias, own) instanceof Parsed.Bad(String why)) {
      unused.computeIfAbsent(why, _ -> new ArrayList<>()).add(name);
      return;
    }
    Section section =
        switch (alias.part()) {
          case SERVER -> server;
          case WEBHOOKS -> webhooks;
          case APP -> own;
        };
    aliasOf.put(alias.ours(), name);
    translation.put(section, alias, name, new Written.Scalar(text, Source.variable(name)));
    problems.warn(Source.variable(name), name + " is read as " + alias.ours() + shown(alias, text));
  }

  /// Fails if the variable of an alias is not used.
  private Parsed<Parsed.Passed> checkUse(Family family, Alias alias, Section own) {
    boolean isForRows = hasDatabase() && family.equals(SoketiNames.FAMILY) && alias.isForAllApps();
    if (alias.part() == Alias.Part.APP && !family.equals(naming) && !isForRows) {
      return new Parsed.Bad<>(
          naming == null ? namingMissing(family) : naming.prefix() + "… names the app");
    }
    Option<?> option = alias.option();
    if (option != null && isOurs(alias.part(), option)) {
      return new Parsed.Bad<>(alias.ours() + " is set");
    }
    if (alias.refines()) {
      Section section = alias.part() == Alias.Part.SERVER ? server : webhooks;
      return Translation.isRefinable(section, alias)
          ? Parsed.PASSED
          : new Parsed.Bad<>(
              family.spell(alias.part(), Objects.requireNonNull(option)) + " is not switched on");
    }
    String other = aliasOf.get(alias.ours());
    if (other != null) {
      return new Parsed.Bad<>(other + " sets the same option");
    }
    Option<Boolean> only = alias.only();
    return only == null || isForRows || own.get(only)
        ? Parsed.PASSED
        : new Parsed.Bad<>(family.spell(Alias.Part.APP, only) + " is not switched on");
  }

  private String namingMissing(Family family) {
    if (hasDatabase()) {
      return "apps are in a database";
    }
    boolean areOurs = ours.apps().stream().anyMatch(each -> each.has(AppSchema.ID));
    if (areOurs) {
      return "FANFARE_… variables name the apps";
    }
    return family.equals(PusherNames.FAMILY)
        ? "the file names the apps, or PUSHER_APP_ID, PUSHER_APP_KEY or PUSHER_APP_SECRET is"
            + " missing"
        : "no " + family.prefix() + "… variable names an app";
  }

  private boolean isOurs(Alias.Part part, Option<?> option) {
    return switch (part) {
      case SERVER -> ours.server().has(option);
      case WEBHOOKS -> ours.webhooks().has(option);
      case APP -> ours.apps().stream().anyMatch(each -> each.has(option));
    };
  }

  /// The converted value, if it differs from the text. No conversion applies to secrets.
  private static String shown(Alias alias, String text) {
    String converted = alias.conversion().convert(text);
    return converted == null || converted.equals(text) ? "" : "=" + converted;
  }

  private void unsupported(Family family) {
    given
        .getOrDefault(family, Map.of())
        .forEach((name, value) -> {
          Family.Unsupported unsupported = family.unsupported(name);
          if (unsupported != null) {
            unsupported.check(name, new Written.Scalar(value, Source.variable(name)), problems);
          }
        });
  }

  private void idle(Family family) {
    Map<String, List<String>> byReason = new LinkedHashMap<>();
    given
        .getOrDefault(family, Map.of())
        .forEach((name, value) -> {
          boolean isAlias =
              family.aliases().stream().anyMatch(alias -> family.name(alias).equals(name));
          boolean isEngine = engine(family).isUsed(name);
          if (!isAlias
              && !isEngine
              && family.unsupported(name) == null
              && !HARMLESS.contains(value)) {
            Family.Idle known = family.idle(name);
            String reason =
                known == null ? family.server() + " does not know it either" : known.reason();
            if (!reason.isEmpty()) {
              byReason.computeIfAbsent(reason, _ -> new ArrayList<>()).add(name);
            }
          }
        });
    warn(byReason, " is not used: ", " are not used: ");
  }

  private void warn(Map<String, List<String>> byReason, String ofOne, String ofSeveral) {
    byReason.forEach((reason, names) -> {
      String verb = names.size() == 1 ? ofOne : ofSeveral;
      problems.warn(Source.variable(names.getFirst()), String.join(", ", names) + verb + reason);
    });
  }
}
