package dev.fanfare.config.layer;

import dev.fanfare.app.Suggestion;
import dev.fanfare.config.schema.AppSchema;
import dev.fanfare.config.schema.ClusterSchema;
import dev.fanfare.config.schema.DatabaseSchema;
import dev.fanfare.config.schema.Draft;
import dev.fanfare.config.schema.EndpointSchema;
import dev.fanfare.config.schema.HistorySchema;
import dev.fanfare.config.schema.Option;
import dev.fanfare.config.schema.Section;
import dev.fanfare.config.schema.ServerSchema;
import dev.fanfare.config.schema.WebhooksSchema;
import dev.fanfare.config.value.Problems;
import dev.fanfare.config.value.Source;
import dev.fanfare.config.value.Written;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Reads the `FANFARE_…` variables. Confined to one reading.
public final class Environment {

  public static final String PREFIX = "FANFARE_";
  public static final String APP = PREFIX + "APP_";
  public static final String APPS = PREFIX + "APPS";
  public static final String WEBHOOKS = PREFIX + "WEBHOOKS_";
  public static final String CLUSTER = PREFIX + "CLUSTER_";
  public static final String DATABASE = PREFIX + "DATABASE_";
  public static final String APP_WEBHOOKS = APP + "WEBHOOKS_0_";
  public static final String APP_HISTORY = APP + "HISTORY_0_";

  /// The variable that names the configuration file. Not an option, since options are read from it.
  public static final String FILE = PREFIX + "CONFIG";

  private static final Pattern NUMBERED = Pattern.compile("(" + APPS + "_([0-9]{1,4})_)(.+)");
  private static final Pattern ITEM = Pattern.compile("((WEBHOOKS|HISTORY)_([0-9]{1,4})_)(.+)");
  // Neither key nor id contains a colon or an at-sign, so the secret may contain both.
  private static final Pattern ENTRY = Pattern.compile("([^:]*):(.*)@([^@]*)", Pattern.DOTALL);

  private final Problems problems;
  private final Section server = section(PREFIX);
  private final Section webhooks = section(WEBHOOKS);
  private final Section cluster = section(CLUSTER);
  private final Section database =
      new Section(Source.variable(DATABASE + "*"), Environment::ofDatabase);
  private final Section single = section(APP);
  private final Map<Integer, Section> numbered = new TreeMap<>();

  /// Endpoints and rules, by the prefix of their variables.
  private final Map<String, Section> items = new HashMap<>();

  private Environment(Problems problems) {
    this.problems = problems;
  }

  /// The layer of the environment; unknown variables with our prefix are reported to `problems`.
  public static Draft read(Map<String, String> variables, Problems problems) {
    Environment environment = new Environment(problems);
    String list = variables.get(APPS);
    if (list != null) {
      environment.list(list);
    }
    new TreeMap<>(variables).forEach(environment::take);
    return environment.draft();
  }

  private Draft draft() {
    List<Section> apps = new ArrayList<>(numbered.values());
    if (AppSchema.ALL.stream().anyMatch(single::has) || hasItems(single)) {
      apps.addFirst(single);
    }
    return new Draft(server, webhooks, cluster, database, apps);
  }

  private static boolean hasItems(Section app) {
    return !app.webhooks().isEmpty() || !app.history().isEmpty();
  }

  private void take(String name, String text) {
    boolean ours =
        name.startsWith(PREFIX)
            && !name.equals(FILE)
            && !name.equals(APPS)
            && !ServiceLinks.contain(after(PREFIX, name), text);
    if (!ours) {
      return;
    }
    Written value = new Written.Scalar(text, Source.variable(name));
    Matcher matcher = NUMBERED.matcher(name);
    if (matcher.matches()) {
      Section app = app(Integer.parseInt(matcher.group(2)));
      ofApp(app, matcher.group(1), name, value);
    } else if (ITEM.matcher(after(APP, name)).matches()) {
      ofApp(single, APP, name, value);
    } else if (!put(webhooks, WebhooksSchema.ALL, name, value)
        && !put(cluster, ClusterSchema.ALL, name, value)
        && !put(database, DatabaseSchema.ALL, name, value)
        && !put(single, AppSchema.ALL, name, value)
        && !put(server, ServerSchema.ALL, name, value)) {
      problems.unknown(value.source(), name, meant(name));
    }
  }

  /// An option of an app, or of one of its endpoints or rules, whose name begins with the app's
  /// `prefix`.
  private void ofApp(Section app, String prefix, String name, Written value) {
    String rest = after(prefix, name);
    Matcher matcher = ITEM.matcher(rest);
    if (matcher.matches()) {
      boolean isRule = matcher.group(2).equals("HISTORY");
      int number = Integer.parseInt(matcher.group(3));
      Section item =
          item(
              isRule ? app.history() : app.webhooks(),
              prefix + matcher.group(2) + "_" + number + "_");
      putOrCompare(item, isRule ? HistorySchema.ALL : EndpointSchema.ALL, value, matcher.group(4));
    } else {
      putOrCompare(app, AppSchema.ALL, value, rest);
    }
  }

  /// @param rest the variable's name without the prefix of this section
  private void putOrCompare(Section section, List<Option<?>> schema, Written value, String rest) {
    String name = value.source().label();
    if (!put(section, schema, name, value)) {
      Suggestion names = new Suggestion().addAll(section.names(schema));
      problems.unknown(value.source(), name, names.to(rest));
    }
  }

  private Section item(List<Section> all, String prefix) {
    return items.computeIfAbsent(
        prefix,
        p -> {
          Section item = section(p);
          all.add(item);
          return item;
        });
  }

  private static String after(String prefix, String name) {
    return name.startsWith(prefix) ? name.substring(prefix.length()) : "";
  }

  /// True if `name` is an option of the section; its value is then accepted or reported.
  private boolean put(Section section, List<Option<?>> schema, String name, Written value) {
    for (Option<?> option : schema) {
      if (section.spell(option).equals(name)) {
        section.put(option, UsersFile.content(option, value, problems), problems);
        return true;
      }
    }
    return false;
  }

  /// Names are compared without the prefix, which makes any two of them look alike.
  private @Nullable String meant(String name) {
    String prefix =
        Stream.of(APP, WEBHOOKS, CLUSTER, DATABASE)
            .filter(name::startsWith)
            .findFirst()
            .orElse(PREFIX);
    return new Suggestion()
        .addAll(single.names(AppSchema.ALL))
        .addAll(server.names(ServerSchema.ALL))
        .addAll(webhooks.names(WebhooksSchema.ALL))
        .addAll(cluster.names(ClusterSchema.ALL))
        .addAll(database.names(DatabaseSchema.ALL))
        .add("apps", APPS)
        .add("config", FILE)
        .to(name.substring(prefix.length()));
  }

  /// The apps of `key:secret@id;…`. The n-th of them, from 0, is the app of `FANFARE_APPS_n_…` too.
  private void list(String text) {
    Source source = Source.variable(APPS);
    String[] entries = text.strip().replaceFirst(";$", "").split(";", -1);
    for (int i = 0; i < entries.length; i++) {
      Matcher entry = ENTRY.matcher(entries[i].strip());
      if (entry.matches()) {
        Section app = app(i);
        app.put(AppSchema.KEY, new Written.Scalar(entry.group(1), source), problems);
        app.put(AppSchema.SECRET, new Written.Scalar(entry.group(2), source), problems);
        app.put(AppSchema.ID, new Written.Scalar(entry.group(3), source), problems);
      } else {
        String found = entries[i].isBlank() ? " is empty" : " is not an app";
        problems.error(
            source,
            "entry " + i + " of " + APPS + found + "; write key:secret@id, with ; between apps");
      }
    }
  }

  private Section app(int number) {
    return numbered.computeIfAbsent(number, n -> section(APPS + "_" + n + "_"));
  }

  /// Our variable for an option of the database.
  public static String ofDatabase(Option<?> option) {
    return DatabaseSchema.spell(option, PREFIX, DATABASE, option.variable());
  }

  private static Section section(String prefix) {
    Source source = Source.variable(prefix + "*");
    return new Section(source, option -> prefix + option.variable());
  }
}
