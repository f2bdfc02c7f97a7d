package dev.fanfare.config.foreign;

import dev.fanfare.bus.EngineOptions;
import dev.fanfare.bus.EngineUrl;
import dev.fanfare.config.layer.JsonFile;
import dev.fanfare.config.schema.ClusterSchema;
import dev.fanfare.config.schema.Option;
import dev.fanfare.config.schema.Section;
import dev.fanfare.config.value.Problems;
import dev.fanfare.config.value.Source;
import dev.fanfare.config.value.Written;
import dev.fanfare.protocol.Parsed;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Builds our settings of the cluster, or of the database, out of those of another server. Each of
/// our variables that is set wins; `FANFARE_CLUSTER_BUS` replaces all of them. Each variable that
/// is read or replaced gets a warning. Confined to one reading.
final class EngineReader {

  private static final Pattern NAME = Pattern.compile("[a-z0-9-]{1,32}");

  private static final Set<String> DRIVERS = Set.of(SoketiEngine.DRIVER, SoketiDatabase.DRIVER);

  private final Map<String, EngineValue> given;
  private final Section ours;
  private final Problems problems;
  // What made an option, by its slot.
  private final Map<String, String> makers = new HashMap<>();
  private final Set<String> used;
  private final Section made =
      new Section(
          Source.DEFAULT, option -> makers.getOrDefault(option.slot(), EngineName.ours(option)));

  /// @param given the other server's settings, by the name of their variable
  /// @param ours what `FANFARE_CLUSTER_…` variables set
  EngineReader(Map<String, EngineValue> given, Section ours, Problems problems) {
    this.given = new TreeMap<>(given);
    this.ours = ours;
    this.problems = problems;
    this.used = new HashSet<>();
  }

  private EngineReader(EngineReader of, Section ours) {
    this.given = of.given;
    this.ours = ours;
    this.problems = of.problems;
    this.used = of.used;
  }

  /// Builds other options of ours out of the same settings.
  ///
  /// @param others what our variables set of them
  EngineReader building(Section others) {
    return new EngineReader(this, others);
  }

  /// True if one of our variables sets the option.
  boolean isOurs(Option<?> option) {
    return ours.has(option);
  }

  /// Sets what the other server does without saying so, unless it is set.
  void assume(Option<?> option, String text, EngineValue by) {
    if (!ours.has(option) && !made.has(option)) {
      made.put(option, new Written.Scalar(text, by.source()), problems);
    }
  }

  /// Warns of settings that have no effect.
  void unused(List<EngineValue> values, String reason) {
    warn(values, " not used, since " + reason);
  }

  /// The settings that were built.
  Section made() {
    return made;
  }

  /// True if the variable was part of what was built, or is replaced by one of ours.
  boolean isUsed(String variable) {
    return used.contains(variable);
  }

  /// The setting with this variable, or null.
  @Nullable EngineValue find(String variable) {
    return given.get(variable);
  }

  /// Sets everything that joins the nodes, or nothing if a URL is wrong.
  ///
  /// @param by the setting that switches the engine on
  /// @param urls of the engine, which may have passwords
  /// @param from what they are made of; `by` if of nothing
  /// @param others the names of additional settings and the options that they become
  void join(
      EngineOptions.Kind kind,
      EngineValue by,
      @Nullable List<String> urls,
      List<EngineValue> from,
      Map<String, Option<?>> others) {
    use(by);
    from.forEach(this::use);
    List<EngineValue> rest =
        others.keySet().stream().map(this::find).filter(Objects::nonNull).toList();
    rest.forEach(this::use);
    List<EngineValue> makers = from.isEmpty() ? List.of(by) : from;
    if (ours.has(ClusterSchema.BUS)) {
      List<EngineValue> all =
          Stream.of(List.of(by), from, rest).flatMap(List::stream).distinct().toList();
      replaced(all, ClusterSchema.BUS);
      return;
    }
    if (urls == null) {
      return;
    }
    switch (shown(urls)) {
      case Parsed.Ok(String shown) -> join(kind, by, urls, shown, makers, others);
      case Parsed.Bad(String reason) ->
          problems.error(
              makers.getFirst().source(),
              "the engine's URL that is made of " + names(makers) + " " + reason);
    }
  }

  private void join(
      EngineOptions.Kind kind,
      EngineValue by,
      List<String> urls,
      String shown,
      List<EngineValue> from,
      Map<String, Option<?>> others) {
    String bus = kind.name().toLowerCase(Locale.ROOT);
    put(ClusterSchema.BUS, bus, List.of(by), "=" + bus);
    put(
        kind == EngineOptions.Kind.REDIS ? ClusterSchema.REDIS_URLS : ClusterSchema.NATS_URLS,
        String.join(",", urls),
        from,
        "=" + shown);
    others.forEach((variable, option) -> {
      EngineValue value = find(variable);
      if (value != null && option.slot().equals(ClusterSchema.NAME.slot())) {
        name(value);
      } else if (value != null) {
        put(option, value.text(), List.of(value), "");
      }
    });
  }

  /// Marks a setting as read.
  void use(EngineValue value) {
    given.forEach((variable, each) -> {
      if (each.equals(value)) {
        used.add(variable);
      }
    });
  }

  /// The URLs without users and passwords.
  private static Parsed<String> shown(List<String> urls) {
    List<String> shown = new ArrayList<>();
    for (String url : urls) {
      switch (EngineUrl.parse(url)) {
        case Parsed.Ok(EngineUrl ok) -> shown.add(ok.toString());
        case Parsed.Bad(String reason) -> {
          return new Parsed.Bad<>(reason);
        }
      }
    }
    return new Parsed.Ok<>(String.join(",", shown));
  }

  /// A prefix there is any text.
  private void name(EngineValue value) {
    String name =
        value.text().toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-").replaceAll("^-|-$", "");
    if (NAME.matcher(name).matches()) {
      put(ClusterSchema.NAME, name, List.of(value), "=" + name);
    } else {
      problems.error(
          value.source(),
          value.name()
              + " is "
              + value.written().described()
              + ", but must have 1 to 32 letters, digits or hyphens, or set "
              + EngineName.ours(ClusterSchema.NAME));
    }
  }

  /// Sets an option, unless one of our variables does.
  ///
  /// @param shown follows our name in the warning; without a secret
  void put(Option<?> option, String text, List<EngineValue> from, String shown) {
    if (ours.has(option)) {
      replaced(from, option);
      return;
    }
    makers.put(option.slot(), names(from));
    made.put(option, new Written.Scalar(text, from.getFirst().source()), problems);
    warn(from, " read as " + EngineName.ours(option) + shown);
  }

  /// Warns of settings that one of our variables replaces.
  void replaced(List<EngineValue> values, Option<?> by) {
    warn(values, " not used, since " + EngineName.ours(by) + " is set");
  }

  /// About variables only: what a file says is in one place, where it can be looked up.
  private void warn(List<EngineValue> all, String text) {
    List<EngineValue> variables = all.stream().filter(EngineValue::isVariable).toList();
    if (!variables.isEmpty()) {
      String verb = variables.size() == 1 ? " is" : " are";
      problems.warn(variables.getFirst().source(), names(variables) + verb + text);
    }
  }

  private static String names(List<EngineValue> values) {
    return values.stream().map(EngineValue::name).collect(Collectors.joining(", "));
  }

  /// Warns of settings in a file that joined no nodes. Variables get a warning elsewhere.
  void warnOfUnused() {
    given.forEach((variable, value) -> {
      if (!value.isVariable() && !isUsed(variable) && !DRIVERS.contains(variable)) {
        String shown = new Written.Scalar(value.name(), value.source()).described();
        problems.warn(value.source(), shown + " is not used");
      }
    });
  }

  /// The settings that are given, of these variables.
  List<EngineValue> all(String... variables) {
    return Arrays.stream(variables).map(this::find).filter(Objects::nonNull).toList();
  }

  /// The items of a list, each as `host:port` or a URL; null after a problem. The other server
  /// reads JSON in a variable, with a mapping for each host.
  @Nullable List<String> hosts(EngineValue value) {
    Written written = value.written();
    if (written instanceof Written.Scalar scalar) {
      String text = scalar.text().strip();
      if (!text.startsWith("[")) {
        return Arrays.stream(text.split(",", -1)).map(String::strip).toList();
      }
      written = JsonFile.parse(value.name(), text, problems);
      if (written instanceof Written.Nothing) {
        return null; // reported
      }
    }
    List<String> hosts = new ArrayList<>();
    List<Written> items = written instanceof Written.Items list ? list.items() : List.of();
    for (Written item : items) {
      String host = host(item);
      if (host != null) {
        hosts.add(host);
      }
    }
    if (hosts.isEmpty() || hosts.size() < items.size()) {
      problems.error(
          value.source(), value.name() + " must be a list such as [{\"host\":\"a\",\"port\":1}]");
      return null;
    }
    return hosts;
  }

  private static @Nullable String host(Written item) {
    if (item instanceof Written.Scalar scalar) {
      return scalar.text().strip();
    }
    Map<String, String> parts = new HashMap<>();
    if (item instanceof Written.Mapping mapping) {
      for (Written.Entry entry : mapping.entries()) {
        if (entry.value() instanceof Written.Scalar scalar) {
          parts.put(entry.key(), scalar.text());
        }
      }
    }
    String host = parts.get("host");
    return host == null ? null : hostAndPort(host, parts.get("port"));
  }

  /// `host:port`, with brackets around an IPv6 address.
  ///
  /// @param port null for the default
  static String hostAndPort(String host, @Nullable String port) {
    boolean isBare = host.indexOf(':') >= 0 && !host.startsWith("[");
    return (isBare ? "[" + host + "]" : host) + (port == null ? "" : ":" + port);
  }
}
