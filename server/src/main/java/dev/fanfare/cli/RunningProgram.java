package dev.fanfare.cli;

import dev.fanfare.app.App;
import dev.fanfare.config.Config;
import dev.fanfare.config.Differences;
import dev.fanfare.config.EffectiveYaml;
import dev.fanfare.config.FixedOptions;
import dev.fanfare.config.Reading;
import dev.fanfare.config.value.Problem;
import dev.fanfare.console.act.ConfigView;
import dev.fanfare.console.act.DoctorRuns;
import dev.fanfare.console.act.Program;
import dev.fanfare.protocol.Parsed;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// What a running server was started from, for its console. Any thread.
///
/// @param reader reads everything again
/// @param started what the server was started with
/// @param current what was last read without an error
/// @param file null if there is none
record RunningProgram(
    Supplier<Reading> reader,
    Config started,
    Supplier<Config> current,
    @Nullable String file,
    ConsoleDoctor doctor)
    implements Program {

  @Override
  public Parsed<DoctorRuns.Examination> examination(App app, @Nullable String url) {
    return doctor.examination(app, url);
  }

  /// Without secrets, compared to what the files have now: reads them each time.
  @Override
  public ConfigView config() {
    Config now = current.get();
    List<ConfigView.Origin> sources =
        EffectiveYaml.entries(now).stream()
            .map(entry -> new ConfigView.Origin(entry.key(), entry.source().text()))
            .toList();
    Reading read = reader.get();
    Config newest = read instanceof Reading.Good good ? good.config() : now;
    List<String> differences =
        switch (read) {
          case Reading.Good good -> Differences.ofValues(now, good.config());
          case Reading.Bad bad -> bad.problems().stream().map(Problem::toString).toList();
        };
    return new ConfigView(
        EffectiveYaml.of(now),
        sources,
        FixedOptions.needed(started, newest),
        file == null ? null : new ConfigView.OfFile(file, differences));
  }
}
