package dev.fanfare.loadtest.scenario;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/// A scenario as listed in the catalog.
///
/// @param name on the command line
/// @param description one sentence
/// @param options load options that it has; all others are refused
/// @param defaults of all load options, by their name
/// @param constructor creates a new instance
public record ScenarioKind(
    String name,
    String description,
    List<String> options,
    Map<String, String> defaults,
    Supplier<Scenario> constructor) {

  private static final String COMMON_DEFAULTS =
      "--connections 100 --channels 1 --publishers 1 --window 1 --max-undelivered 64 --rate 0"
          + " --warmup-rate 0 --size 128 --duration 10 --warmup 3 --via http --seed 1 --stalled 0"
          + " --compressed 0 --signal NONE --replay 0";

  static ScenarioKind of(
      String name,
      String description,
      Supplier<Scenario> constructor,
      String options,
      String ownDefaults) {
    Map<String, String> defaults = new HashMap<>();
    putAll(defaults, COMMON_DEFAULTS);
    putAll(defaults, ownDefaults);
    return new ScenarioKind(
        name, description, List.of(options.split(" ", -1)), Map.copyOf(defaults), constructor);
  }

  private static void putAll(Map<String, String> defaults, String options) {
    String[] words = options.split(" ", -1);
    for (int i = 0; i + 1 < words.length; i += 2) {
      defaults.put(words[i], words[i + 1]);
    }
  }
}
