package dev.fanfare.config.value;

import dev.fanfare.app.HistoryRule.Trait;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// By what subscribers are recognised, best first.
public record TraitList() implements ItemList<Trait> {

  @Override
  public String allowed() {
    return Arrays.stream(Trait.values())
        .map(TraitList::word)
        .collect(Collectors.joining(", ", "some of ", ""));
  }

  @Override
  public String each() {
    return "one of " + allowed().substring("some of ".length());
  }

  @Override
  public @Nullable Trait item(String text) {
    for (Trait trait : Trait.values()) {
      if (word(trait).equals(text)) {
        return trait;
      }
    }
    return null;
  }

  @Override
  public String show(List<Trait> value) {
    return value.stream().map(TraitList::word).collect(Collectors.joining(", ", "[", "]"));
  }

  private static String word(Trait trait) {
    return trait.name().toLowerCase(Locale.ROOT);
  }
}
