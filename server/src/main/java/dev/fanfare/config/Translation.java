package dev.fanfare.config;

import org.jspecify.annotations.Nullable;

/// Puts what another server's configuration says into sections of ours. Confined to one reading.
final class Translation {

  private final Family family;
  private final Problems problems;

  Translation(Family family, Problems problems) {
    this.family = family;
    this.problems = problems;
  }

  /// An empty section whose complaints name options as that server does.
  Section section(Alias.Part part, Source source) {
    return new Section(source, option -> family.spell(part, option));
  }

  /// Takes a value for an alias of an option, or reports what is wrong with it.
  ///
  /// @param name how the person who wrote it calls it
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
    } else {
      section.put(option, converted, problems);
    }
  }

  /// Takes for an app, with its id, what that server assumes where nobody says anything.
  Section assumed(Alias.Part part, Section said) {
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

  private static Option<?> required(Alias alias) {
    Option<?> option = alias.option();
    if (option == null) {
      throw new IllegalStateException(alias.variable() + " assumes something of no option");
    }
    return option;
  }

  private static @Nullable Written converted(Alias alias, Written written) {
    if (!(written instanceof Written.Scalar scalar)) {
      return written;
    }
    String text = alias.conversion().convert(scalar.text());
    return text == null ? null : new Written.Scalar(text, scalar.source());
  }
}
