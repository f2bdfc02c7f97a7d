package dev.fanfare.loadtest.scenario;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;

/// A scenario as it stands in the catalogue.
///
/// @param name on the command line
/// @param description one sentence
/// @param defaults of options, by their name
/// @param maker gives a new instance
public record ScenarioKind(
    String name, String description, Map<String, String> defaults, Supplier<Scenario> maker) {

  private static final String COMMON =
      "--connections 100 --channels 1 --publishers 1 --window 1 --max-undelivered 64 --rate 0"
          + " --size 128 --duration 10 --warmup 3 --via http";

  static ScenarioKind of(
      String name, String description, Supplier<Scenario> maker, String ownDefaults) {
    Map<String, String> defaults = new HashMap<>();
    enter(defaults, COMMON);
    enter(defaults, ownDefaults);
    return new ScenarioKind(name, description, Map.copyOf(defaults), maker);
  }

  private static void enter(Map<String, String> defaults, String options) {
    String[] words = options.split(" ", -1);
    for (int i = 0; i + 1 < words.length; i += 2) {
      defaults.put(words[i], words[i + 1]);
    }
  }
}
