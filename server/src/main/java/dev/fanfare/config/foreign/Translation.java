package dev.fanfare.config.foreign;

import dev.fanfare.config.schema.Option;
import dev.fanfare.config.schema.Section;
import dev.fanfare.config.schema.Setting;
import dev.fanfare.config.value.Kind;
import dev.fanfare.config.value.Problems;
import dev.fanfare.config.value.Source;
import dev.fanfare.config.value.Written;
import org.jspecify.annotations.Nullable;

/// Copies settings of another server's configuration into our sections. Confined to one reading.
final class Translation {

  private final Family family;
  private final Problems problems;

  Translation(Family family, Problems problems) {
    this.family = family;
    this.problems = problems;
  }

  /// An empty section whose errors name options as that server does.
  Section section(Alias.Part part, Source source) {
    return new Section(source, option -> family.spell(part, option));
  }

  /// Accepts a value for an alias of an option, or reports what is wrong with it.
  ///
  /// @param name the setting as the operator spelled it
  void put(Section section, Alias alias, String name, Written written) {
    Option<?> option = alias.option();
    if (option == null) {
      SoketiWebhooks.read(name, written, problems).forEach(section.webhooks()::add);
      return;
    }
    Written converted = converted(alias, written);
    if (converted == null) {
      String text = name + " is " + written.described() + ", but must be ";
      problems.error(written.source(), text + alias.conversion().allowed());
    } else if (alias.refines()) {
      section.replace(option, converted, problems);
    } else {
      section.put(option, converted, problems);
    }
  }

  /// The other server's defaults for an app, where `said` sets nothing.
  Section assumedApp(Section said) {
    return defaults(Alias.Part.APP, said);
  }

  /// The other server's defaults for the server section, where `said` sets nothing.
  ///
  /// @param listens true to include where that server listens by default
  Section assumedServer(Section said, boolean listens) {
    Section assumed =
        listens ? defaults(Alias.Part.SERVER, said) : new Section(said.source(), said::spell);
    presume(assumed, said);
    return assumed;
  }

  private Section defaults(Alias.Part part, Section said) {
    Source source = new Source("environment", "default of " + family.server());
    Section assumed = new Section(said.source(), said::spell);
    for (Alias alias : family.aliases()) {
      String value = alias.assumed();
      if (alias.part() == part && value != null && !said.has(required(alias))) {
        put(assumed, alias, family.name(alias), new Written.Scalar(value, source));
      }
    }
    return assumed;
  }

  /// What that server does whatever its configuration says.
  private void presume(Section into, Section said) {
    Source source = new Source("environment", "default of " + family.server());
    for (Family.Presumed presumed : family.presumed()) {
      if (!said.has(presumed.option())) {
        into.put(presumed.option(), new Written.Scalar(presumed.value(), source), problems);
      }
    }
  }

  /// True if a refining alias may replace what another alias of its option has set.
  static boolean isRefinable(Section section, Alias alias) {
    Option<?> option = required(alias);
    Setting<?> set = section.has(option) ? section.find(option) : null;
    return set != null && !Integer.valueOf(0).equals(set.value());
  }

  private static Option<?> required(Alias alias) {
    Option<?> option = alias.option();
    if (option == null) {
      throw new IllegalStateException(alias.variable() + " has no option");
    }
    return option;
  }

  private static @Nullable Written converted(Alias alias, Written written) {
    if (!(written instanceof Written.Scalar scalar)) {
      return written;
    }
    Option<?> option = alias.option();
    boolean isWhole = option != null && option.kind() instanceof Kind.Whole;
    String plain = isWhole ? Conversion.plain(scalar.text()) : scalar.text();
    String text = alias.conversion().convert(plain);
    return text == null ? null : new Written.Scalar(text, scalar.source());
  }
}
