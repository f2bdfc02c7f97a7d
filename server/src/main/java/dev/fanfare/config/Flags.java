package dev.fanfare.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// The command line's words for options: those of the server, and those of webhooks after
/// `--webhooks-`. Secrets have none, for every user of a machine can list its processes with their
/// arguments; apps have none, for they need secrets.
public final class Flags {

  private static final String WEBHOOKS = "--webhooks-";

  /// A flag that takes a value.
  ///
  /// @param text what it does, without a default
  public record Flag(String name, String text) {}

  private Flags() {}

  /// All of them, in the order of the reference.
  public static List<Flag> all() {
    List<Flag> all = new ArrayList<>();
    add(ServerSchema.ALL, "--", all);
    add(WebhooksSchema.ALL, WEBHOOKS, all);
    return all;
  }

  private static void add(List<Option<?>> options, String prefix, List<Flag> to) {
    for (Option<?> option : options) {
      if (!isSecret(option)) {
        to.add(new Flag(name(prefix, option), option.doc().replace("`", "")));
      }
    }
  }

  /// What the command line says.
  ///
  /// @param values by the name of their flag
  static Draft read(Map<String, String> values, Problems problems) {
    Section server = section("--");
    Section webhooks = section(WEBHOOKS);
    take(server, ServerSchema.ALL, values, problems);
    take(webhooks, WebhooksSchema.ALL, values, problems);
    return new Draft(server, webhooks, List.of());
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
        section.put(option, new Written.Scalar(text, Source.flag(name)), problems);
      }
    }
  }

  private static String name(String prefix, Option<?> option) {
    return prefix + option.key().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private static boolean isSecret(Option<?> option) {
    return option.kind() instanceof SecretText;
  }
}
