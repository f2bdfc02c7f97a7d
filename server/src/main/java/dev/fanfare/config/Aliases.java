package dev.fanfare.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Gives the variables of other servers their meaning: `SOKETI_…`, `REVERB_…`, `PUSHER_APP_…`. One
/// of ours for the same always beats them, and each is told of. Confined to one reading.
final class Aliases {

  static final List<Family> FAMILIES =
      List.of(SoketiNames.FAMILY, ReverbNames.FAMILY, PusherNames.FAMILY);

  private static final List<Option<?>> NAMING =
      List.of(AppSchema.ID, AppSchema.KEY, AppSchema.SECRET);

  /// What says nothing else than that something of no meaning here is not used there either.
  private static final Set<String> HARMLESS =
      Set.of("array", "local", "memory", "sync", "full", "false", "0");

  /// What the variables come to.
  ///
  /// @param assumed what the other server takes where nobody says anything; beneath a file
  /// @param said what they say; above a file
  record Layers(Draft assumed, Draft said) {}

  private final Map<Family, Map<String, String>> given = new LinkedHashMap<>();
  private final Draft ours;
  private final Problems problems;
  // Our own name of each option that is set, and the alias that set it.
  private final Map<String, String> takenFrom = new LinkedHashMap<>();
  // Of one family, by the reason.
  private final Map<String, List<String>> unused = new LinkedHashMap<>();
  private final Section server = section(Alias.Part.SERVER);
  private final Section webhooks = section(Alias.Part.WEBHOOKS);
  private final List<Section> apps = new ArrayList<>();
  private final @Nullable Family naming;

  private Aliases(Map<String, String> variables, Draft file, Draft ours, Problems problems) {
    this.ours = ours;
    this.problems = problems;
    for (Family family : FAMILIES) {
      given.put(family, of(family, variables));
    }
    naming = naming(file);
  }

  private Section section(Alias.Part part) {
    return new Section(
        Source.DEFAULT, option -> takenFrom.getOrDefault(part.ours(option), part.ours(option)));
  }

  /// What the variables say.
  ///
  /// @param file what a configuration file says
  /// @param ours what `FANFARE_…` variables say
  static Layers read(Map<String, String> variables, Draft file, Draft ours, Problems problems) {
    return new Aliases(variables, file, ours, problems).read(file.isWritten());
  }

  /// Nothing behind the sign is as good as no variable: so it stands in many a `.env`.
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

  private Layers read(boolean hasFile) {
    Draft assumed = Draft.empty();
    for (Family family : FAMILIES) {
      Translation translation = new Translation(family, problems);
      Section app = translation.section(Alias.Part.APP, Source.variable(family.prefix() + "*"));
      for (Alias alias : family.aliases()) {
        take(family, alias, translation, app);
      }
      tell(unused, " is not used, since ", " are not used, since ");
      unused.clear();
      if (family.equals(naming)) {
        assumed = assumed(translation, app, hasFile);
      }
      idle(family);
    }
    return new Layers(assumed, new Draft(server, webhooks, List.copyOf(apps)));
  }

  private Draft assumed(Translation translation, Section app, boolean hasFile) {
    Section beneath = translation.assumed(Alias.Part.APP, app);
    Section listening =
        hasFile ? Draft.empty().server() : translation.assumed(Alias.Part.SERVER, server);
    boolean isNamed = name(app, beneath) && name(beneath, app);
    apps.add(isNamed ? app : app.over(beneath));
    return new Draft(listening, Draft.empty().webhooks(), isNamed ? List.of(beneath) : List.of());
  }

  /// Gives an app the id of the other section about it, so that they are united; false if there is
  /// none.
  private boolean name(Section app, Section other) {
    Setting<String> id = other.find(AppSchema.ID);
    if (!app.has(AppSchema.ID) && id != null) {
      app.put(AppSchema.ID, new Written.Scalar(id.value(), id.source()), problems);
    }
    return app.find(AppSchema.ID) != null;
  }

  /// The family that names the app: the first that says anything of one. Those of the hosted
  /// service stand in the environment of many a program, so they count only if nobody else names an
  /// app, and if they are complete.
  private @Nullable Family naming(Draft file) {
    if (ours.apps().stream().anyMatch(each -> each.has(AppSchema.ID))) {
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
    String why = refusal(family, alias, own);
    if (why != null) {
      unused.computeIfAbsent(why, _ -> new ArrayList<>()).add(name);
      return;
    }
    Section section =
        switch (alias.part()) {
          case SERVER -> server;
          case WEBHOOKS -> webhooks;
          case APP -> own;
        };
    takenFrom.put(alias.ours(), name);
    translation.put(section, alias, name, new Written.Scalar(text, Source.variable(name)));
    problems.warn(
        Source.variable(name), name + " is taken as " + alias.ours() + shown(alias, text));
  }

  /// Why a variable that is known does not count; null if it does.
  private @Nullable String refusal(Family family, Alias alias, Section own) {
    if (alias.part() == Alias.Part.APP && !family.equals(naming)) {
      return naming == null ? nobodyNames(family) : naming.prefix() + "… names the app";
    }
    Option<?> option = alias.option();
    if (option != null && isOurs(alias.part(), option)) {
      return alias.ours() + " is set";
    }
    String other = takenFrom.get(alias.ours());
    if (other != null) {
      return other + " is taken for the same";
    }
    Option<Boolean> only = alias.only();
    return only == null || own.get(only)
        ? null
        : family.spell(Alias.Part.APP, only) + " is not switched on";
  }

  private String nobodyNames(Family family) {
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

  /// What was made of a value, if that is another text, and nothing to hide.
  private static String shown(Alias alias, String text) {
    String converted = alias.conversion().convert(text);
    return converted == null || converted.equals(text) ? "" : "=" + converted;
  }

  private void idle(Family family) {
    Map<String, List<String>> byReason = new LinkedHashMap<>();
    given
        .getOrDefault(family, Map.of())
        .forEach((name, value) -> {
          if (family.aliases().stream().noneMatch(alias -> family.name(alias).equals(name))) {
            String reason = family.reason(name);
            String told = reason == null ? family.server() + " does not know it either" : reason;
            if (!told.isEmpty() && !HARMLESS.contains(value)) {
              byReason.computeIfAbsent(told, _ -> new ArrayList<>()).add(name);
            }
          }
        });
    tell(byReason, " has no meaning here: ", " have no meaning here: ");
  }

  private void tell(Map<String, List<String>> byReason, String ofOne, String ofSeveral) {
    byReason.forEach((reason, names) -> {
      String verb = names.size() == 1 ? ofOne : ofSeveral;
      problems.warn(Source.variable(names.getFirst()), String.join(", ", names) + verb + reason);
    });
  }
}
