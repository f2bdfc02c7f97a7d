package dev.fanfare.config.layer;

import dev.fanfare.config.schema.ClusterSchema;
import dev.fanfare.config.schema.DatabaseSchema;
import dev.fanfare.config.schema.Draft;
import dev.fanfare.config.schema.Option;
import dev.fanfare.config.schema.Section;
import dev.fanfare.config.schema.ServerSchema;
import dev.fanfare.config.schema.WebhooksSchema;
import dev.fanfare.config.value.ConsoleUserList;
import dev.fanfare.config.value.EngineUrls;
import dev.fanfare.config.value.Kind;
import dev.fanfare.config.value.OperatorKeyList;
import dev.fanfare.config.value.Problems;
import dev.fanfare.config.value.SecretText;
import dev.fanfare.config.value.Source;
import dev.fanfare.config.value.Written;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/// Flags of the command line: one for each option of the server, of webhooks with the prefix
/// `--webhooks-`, of the cluster with `--cluster-` and of the database with `--database-`. Secrets
/// and URLs with passwords have none, since every user of a machine can list the arguments of its
/// processes; apps have none, since they need secrets.
public final class Flags {

  private static final String WEBHOOKS = "--webhooks-";
  private static final String CLUSTER = "--cluster-";
  private static final String DATABASE = "--database-";
  private static final Pattern LINK = Pattern.compile("\\[([^\\]]*)]\\([^)]*\\)");

  /// A flag that takes a value.
  ///
  /// @param label a word for the value, or all values
  /// @param text what it does, which values are allowed and what the default is
  public record Flag(String name, String label, String text) {}

  private Flags() {}

  /// All of them, in the order of the reference.
  public static List<Flag> all() {
    List<Flag> all = new ArrayList<>();
    add(ServerSchema.ALL, "--", all);
    add(WebhooksSchema.ALL, WEBHOOKS, all);
    add(ClusterSchema.ALL, CLUSTER, all);
    add(List.of(DatabaseSchema.APPS_FROM), "--", all);
    add(DatabaseSchema.OWN, DATABASE, all);
    return all;
  }

  private static void add(List<Option<?>> options, String prefix, List<Flag> to) {
    for (Option<?> option : options) {
      if (!isSecret(option)) {
        to.add(new Flag(name(prefix, option), option.kind().label(), text(option)));
      }
    }
  }

  private static <T> String text(Option<T> option) {
    Kind<T> kind = option.kind();
    String doc = LINK.matcher(option.doc().replace("`", "")).replaceAll("docs/$1");
    boolean isListed = kind.label().contains("|");
    String allowed = isListed ? "" : " Allowed: " + kind.allowed() + ".";
    T fallback = option.fallback();
    String shown = fallback == null ? "" : kind.show(fallback);
    boolean isNone = shown.isEmpty() || shown.equals("\"\"") || shown.equals("[]");
    return doc + allowed + " Default: " + (isNone ? "none" : shown) + ".";
  }

  /// The layer of the command line.
  ///
  /// @param values by the name of their flag
  public static Draft read(Map<String, String> values, Problems problems) {
    Section server = section("--");
    Section webhooks = section(WEBHOOKS);
    Section cluster = section(CLUSTER);
    Section database = new Section(Source.DEFAULT, Flags::ofDatabase);
    take(server, ServerSchema.ALL, values, problems);
    take(webhooks, WebhooksSchema.ALL, values, problems);
    take(cluster, ClusterSchema.ALL, values, problems);
    take(database, DatabaseSchema.ALL, values, problems);
    return new Draft(server, webhooks, cluster, database, List.of());
  }

  private static String ofDatabase(Option<?> option) {
    return DatabaseSchema.spell(option, "--", DATABASE, name("", option));
  }

  private static Section section(String prefix) {
    return new Section(Source.DEFAULT, option -> name(prefix, option));
  }

  private static void take(
      Section section, List<Option<?>> options, Map<String, String> values, Problems problems) {
    for (Option<?> option : options) {
      String name = section.spell(option);
      String text = values.get(name);
      if (text != null) {
        Written written = new Written.Scalar(text, Source.flag(name));
        section.put(option, UsersFile.content(option, written, problems), problems);
      }
    }
  }

  private static String name(String prefix, Option<?> option) {
    return prefix + option.key().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private static boolean isSecret(Option<?> option) {
    return option.kind() instanceof SecretText
        || option.kind() instanceof EngineUrls
        || option.kind() instanceof OperatorKeyList
        || (option.kind() instanceof ConsoleUserList users && !users.isFile());
  }
}
