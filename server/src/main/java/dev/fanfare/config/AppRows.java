package dev.fanfare.config;

import dev.fanfare.app.App;
import dev.fanfare.config.foreign.SoketiRow;
import dev.fanfare.config.layer.FileLayer;
import dev.fanfare.config.layer.JsonFile;
import dev.fanfare.config.schema.AppSchema;
import dev.fanfare.config.schema.DatabaseSchema;
import dev.fanfare.config.schema.Draft;
import dev.fanfare.config.schema.Section;
import dev.fanfare.config.value.Problem;
import dev.fanfare.config.value.Problems;
import dev.fanfare.config.value.Source;
import dev.fanfare.config.value.Written;
import dev.fanfare.protocol.Parsed;
import dev.fanfare.sql.AppRow;
import dev.fanfare.sql.DatabaseOptions;
import dev.fanfare.sql.RowForm;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Reads rows of a table as apps of the configuration, so that the same checks apply. Immutable.
public final class AppRows implements RowForm {

  private static final String OPTIONS = "options";

  /// Our columns that are no part of the options; the rest is for people.
  private static final List<String> COLUMNS =
      List.of(
          AppSchema.ID.key(),
          AppSchema.KEY.key(),
          AppSchema.SECRET.key(),
          AppSchema.PREVIOUS_SECRET.key(),
          AppSchema.ENABLED.key());

  /// Those that the options must not have: they are columns, or would read a file of this machine.
  private static final List<String> RESERVED =
      List.of(
          "id",
          "key",
          "secret",
          "secret_file",
          "previous_secret",
          "previous_secret_file",
          "enabled");

  private static final Map<String, String> SWITCH =
      Map.of("1", "true", "t", "true", "0", "false", "f", "false");

  private final Draft base;
  private final DatabaseOptions.Form form;

  /// What columns that are null stand for; null for the defaults.
  private final @Nullable Section forAll;

  /// @param config with which the apps must agree
  public AppRows(Config config) {
    this.base = config.draft();
    this.form = config.database().form();
    List<Section> defaults = base.database().forRows();
    this.forAll = defaults.isEmpty() ? null : defaults.getFirst();
  }

  /// Raises limits of the server for the events that soketi allows by default.
  static void widen(Draft draft, Problems problems) {
    Section database = draft.database();
    if (database.get(DatabaseSchema.APPS_FROM) != DatabaseOptions.Kind.NONE
        && database.get(DatabaseSchema.FORM) == DatabaseOptions.Form.SOKETI) {
      Section forAll = database.forRows().isEmpty() ? null : database.forRows().getFirst();
      Map<String, String> row = Map.of("enable_client_messages", "1");
      Section usual = SoketiRow.read(row, forAll, new Problems());
      LimitWidening.widen(draft.withApps(List.of(usual)), problems);
    }
  }

  @Override
  public Parsed<App> read(AppRow row) {
    Problems problems = new Problems();
    Section app = form == DatabaseOptions.Form.SOKETI ? soketi(row, problems) : ours(row, problems);
    if (problems.errors().isEmpty()) {
      Checks.app(app, base, problems);
    }
    return problems.errors().isEmpty()
        ? new Parsed.Ok<>(AppSchema.app(app))
        : new Parsed.Bad<>(
            problems.errors().stream().map(Problem::text).collect(Collectors.joining("; ")));
  }

  @Override
  public Parsed<Map<String, @Nullable String>> write(App app) {
    Map<String, @Nullable String> columns =
        form == DatabaseOptions.Form.SOKETI
            ? RowColumns.soketi(app)
            : RowColumns.ours(app, RESERVED);
    Map<String, String> present = new HashMap<>();
    columns.forEach((name, value) -> {
      if (value != null) {
        present.put(name, value);
      }
    });
    return switch (read(new AppRow(app.id(), app.key(), present))) {
      case Parsed.Bad<App>(String reason) -> new Parsed.Bad<>(reason);
      case Parsed.Ok<App>(App back) -> {
        List<String> lost = RowColumns.lost(app, back);
        yield lost.isEmpty()
            ? new Parsed.Ok<>(columns)
            : new Parsed.Bad<>("the table has no column for " + String.join(", ", lost));
      }
    };
  }

  private Section soketi(AppRow row, Problems problems) {
    return SoketiRow.read(row.columns(), forAll, problems);
  }

  private static Section ours(AppRow row, Problems problems) {
    Source source = Source.file("the row");
    List<Written.Entry> entries = new ArrayList<>();
    for (String column : COLUMNS) {
      String text = row.get(column);
      if (text != null) {
        boolean isSwitch = column.equals(AppSchema.ENABLED.key());
        String plain = isSwitch ? SWITCH.getOrDefault(text, text) : text;
        entries.add(new Written.Entry(column, source, new Written.Scalar(plain, source)));
      }
    }
    String options = row.get(OPTIONS);
    Written written = options == null ? new Written.Nothing(source) : parsed(options, problems);
    switch (written) {
      case Written.Mapping mapping ->
          mapping
              .entries()
              .forEach(entry -> {
                if (RESERVED.contains(entry.key())) {
                  problems.error(source, OPTIONS + " must not have " + entry.key());
                } else {
                  entries.add(entry);
                }
              });
      case Written.Nothing _ -> {} // by default
      case Written.Scalar _, Written.Items _ ->
          problems.error(source, OPTIONS + " must be a JSON object");
    }
    return FileLayer.app("app", new Written.Mapping(entries, source), problems);
  }

  private static Written parsed(String json, Problems problems) {
    return JsonFile.parse(OPTIONS, json, problems);
  }
}
