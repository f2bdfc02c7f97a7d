package dev.fanfare.config;

import dev.fanfare.config.foreign.Aliases;
import dev.fanfare.config.foreign.SoketiFile;
import dev.fanfare.config.layer.Environment;
import dev.fanfare.config.layer.FileLayer;
import dev.fanfare.config.layer.Flags;
import dev.fanfare.config.layer.YamlFile;
import dev.fanfare.config.schema.AppSchema;
import dev.fanfare.config.schema.Draft;
import dev.fanfare.config.schema.Section;
import dev.fanfare.config.schema.ServerSchema;
import dev.fanfare.config.value.Problems;
import dev.fanfare.config.value.Source;
import dev.fanfare.config.value.Written;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Reads the configuration in layers: defaults, then a file, then variables of other servers, then
/// our own variables, then the command line. Each overrides those before it.
public final class ConfigReader {

  private final Map<String, String> environment;

  public ConfigReader(Map<String, String> environment) {
    this.environment = environment;
  }

  /// Reads everything, or reports every problem.
  ///
  /// @param file the file to read; null for the one that `FANFARE_CONFIG` names, if any
  /// @param flags values from the command line, by the name of their flag
  public Reading read(@Nullable Path file, Map<String, String> flags) {
    Problems problems = new Problems();
    SoketiFile.Content content = file(file, problems);
    Draft written = content.draft();
    Draft ours = Environment.read(environment, problems);
    Aliases.Layers aliases = Aliases.read(environment, written, content.engine(), ours, problems);
    Draft draft = layer(written, aliases.assumed(), problems);
    draft = layer(aliases.said(), draft, problems);
    draft = layer(ours.withIds(aliases.said(), problems), draft, problems);
    draft = layer(Flags.read(flags, problems), draft, problems);
    LimitWidening.widen(draft, problems);
    AppRows.widen(draft, problems);
    for (Section app : draft.apps()) {
      HistoryRules.share(app, draft.cluster(), problems);
    }
    Checks.run(draft, problems);
    return problems.errors().isEmpty()
        ? new Reading.Good(Config.of(draft), problems.warnings())
        : new Reading.Bad(problems.errors(), ServerSchema.log(draft.server()));
  }

  /// The file that is read; null for none.
  ///
  /// @param file null for the one that `FANFARE_CONFIG` names, if any
  public @Nullable String path(@Nullable Path file) {
    return file == null ? environment.get(Environment.FILE) : file.toString();
  }

  private SoketiFile.Content file(@Nullable Path file, Problems problems) {
    String path = path(file);
    if (path == null) {
      return SoketiFile.Content.of(Draft.empty());
    }
    if (path.isEmpty()) {
      String text = Environment.FILE + " is empty, but must be the path of a file";
      problems.error(Source.variable(Environment.FILE), text);
      return SoketiFile.Content.of(Draft.empty());
    }
    Written root = YamlFile.read(Path.of(path), problems);
    return path.endsWith(".json") && SoketiFile.isOne(root)
        ? SoketiFile.read(root, problems)
        : SoketiFile.Content.of(FileLayer.of(root, problems));
  }

  private static Draft layer(Draft upper, Draft lower, Problems problems) {
    Checks.unique(upper.apps(), AppSchema.ID, problems);
    return upper.over(lower);
  }
}
