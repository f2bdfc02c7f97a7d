package dev.fanfare.config.layer;

import dev.fanfare.app.Suggestion;
import dev.fanfare.config.schema.AppSchema;
import dev.fanfare.config.schema.ClusterSchema;
import dev.fanfare.config.schema.DatabaseSchema;
import dev.fanfare.config.schema.Draft;
import dev.fanfare.config.schema.EndpointSchema;
import dev.fanfare.config.schema.HistorySchema;
import dev.fanfare.config.schema.Option;
import dev.fanfare.config.schema.Section;
import dev.fanfare.config.schema.ServerSchema;
import dev.fanfare.config.schema.WebhooksSchema;
import dev.fanfare.config.value.Problems;
import dev.fanfare.config.value.Source;
import dev.fanfare.config.value.Written;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Reads the keys of a configuration file. Confined to one reading.
public final class FileLayer {

  private static final String SERVER = "server";
  private static final String WEBHOOKS = "webhooks";
  private static final String CLUSTER = "cluster";
  private static final String DATABASE = "database";
  private static final String APPS_FROM = DatabaseSchema.APPS_FROM.key();
  private static final String APPS = "apps";
  private static final String HISTORY = "history";

  private final Problems problems;
  private Section server;
  private Section webhooks;
  private Section cluster;
  private final Section database;
  private final List<Section> apps = new ArrayList<>();

  private FileLayer(Source start, Problems problems) {
    this.server = section(SERVER, start);
    this.webhooks = section(WEBHOOKS, start);
    this.cluster = section(CLUSTER, start);
    this.database =
        new Section(
            start, option -> DatabaseSchema.spell(option, "", DATABASE + ".", option.key()));
    this.problems = problems;
  }

  /// The layer of a file; everything wrong with it is reported to `problems`.
  public static Draft of(Written root, Problems problems) {
    FileLayer layer = new FileLayer(root.source(), problems);
    for (Written.Entry entry : layer.entries(root, "the file")) {
      switch (entry.key()) {
        case SERVER -> layer.server(entry.value());
        case WEBHOOKS -> layer.webhooks(entry.value());
        case CLUSTER -> layer.cluster(entry.value());
        case DATABASE -> layer.fill(layer.database, DATABASE, DatabaseSchema.OWN, entry.value());
        case "apps_from" -> layer.database.put(DatabaseSchema.APPS_FROM, entry.value(), problems);
        case APPS -> layer.each(APPS, "app", entry.value(), layer::app);
        default -> problems.unknown(entry.source(), entry.key(), layer.meantAtTop(entry.key()));
      }
    }
    return new Draft(
        layer.server, layer.webhooks, layer.cluster, layer.database, List.copyOf(layer.apps));
  }

  private void server(Written written) {
    server = section(SERVER, written.source());
    fill(server, SERVER, ServerSchema.ALL, written);
  }

  private void webhooks(Written written) {
    webhooks = section(WEBHOOKS, written.source());
    fill(webhooks, WEBHOOKS, WebhooksSchema.ALL, written);
  }

  private void cluster(Written written) {
    cluster = section(CLUSTER, written.source());
    fill(cluster, CLUSTER, ClusterSchema.ALL, written);
  }

  /// @param item a word for what the list contains
  private void each(String path, String item, Written written, Consumer<Written> take) {
    switch (written) {
      case Written.Items list -> list.items().forEach(take);
      case Written.Nothing _ -> {}
      case Written.Scalar _, Written.Mapping _ ->
          problems.error(
              written.source(),
              path
                  + " is "
                  + shape(written)
                  + ", but must be a list with a dash before each "
                  + item);
    }
  }

  /// A separate app; everything wrong with it is reported to `problems`.
  ///
  /// @param path what to call it
  public static Section app(String path, Written written, Problems problems) {
    return new FileLayer(written.source(), problems).app(path, written);
  }

  private void app(Written written) {
    apps.add(app(APPS + "[" + apps.size() + "]", written));
  }

  private Section app(String path, Written written) {
    Section app = section(path, written.source());
    String webhooksPath = path + "." + WEBHOOKS;
    Suggestion names =
        new Suggestion()
            .addAll(app.names(AppSchema.ALL))
            .add(WEBHOOKS, webhooksPath)
            .add(HISTORY, path + "." + HISTORY);
    for (Written.Entry entry : entries(written, path)) {
      if (entry.key().equals(WEBHOOKS)) {
        each(webhooksPath, "endpoint", entry.value(), item -> endpoint(app, webhooksPath, item));
      } else if (entry.key().equals(HISTORY)) {
        String rules = path + "." + HISTORY;
        each(rules, "rule", entry.value(), item -> rule(app, rules, item));
      } else {
        take(app, path, AppSchema.ALL, entry, names);
      }
    }
    return app;
  }

  private void endpoint(Section app, String webhooksPath, Written written) {
    String path = webhooksPath + "[" + app.webhooks().size() + "]";
    Section endpoint = section(path, written.source());
    app.webhooks().add(endpoint);
    fill(endpoint, path, EndpointSchema.ALL, written);
  }

  private void rule(Section app, String rulesPath, Written written) {
    String path = rulesPath + "[" + app.history().size() + "]";
    Section rule = section(path, written.source());
    app.history().add(rule);
    fill(rule, path, HistorySchema.ALL, written);
  }

  private void fill(Section section, String path, List<Option<?>> schema, Written written) {
    Suggestion names = new Suggestion().addAll(section.names(schema));
    for (Written.Entry entry : entries(written, path)) {
      take(section, path, schema, entry, names);
    }
  }

  private void take(
      Section section, String path, List<Option<?>> schema, Written.Entry entry, Suggestion names) {
    String name = path + "." + entry.key();
    Option<?> option = find(section, schema, name);
    if (option != null) {
      section.put(option, UsersFile.content(option, entry.value(), problems), problems);
    } else if (schema.stream().anyMatch(o -> section.spell(o).startsWith(name + "."))) {
      fill(section, name, schema, entry.value());
    } else {
      problems.unknown(entry.source(), name, names.to(entry.key()));
    }
  }

  private List<Written.Entry> entries(Written written, String path) {
    return switch (written) {
      case Written.Mapping mapping -> mapping.entries();
      case Written.Nothing _ -> List.of();
      case Written.Scalar _, Written.Items _ -> {
        problems.error(
            written.source(),
            path + " is " + shape(written) + ", but must be a mapping: lines of key: value");
        yield List.of();
      }
    };
  }

  /// A text in place of a section may be anything, including a secret.
  private static String shape(Written written) {
    return written instanceof Written.Scalar ? "a text" : written.described();
  }

  private static Section section(String path, Source source) {
    return new Section(source, option -> path + "." + option.key());
  }

  private static @Nullable Option<?> find(Section section, List<Option<?>> schema, String name) {
    for (Option<?> option : schema) {
      if (section.spell(option).equals(name)) {
        return option;
      }
    }
    return null;
  }

  private @Nullable String meantAtTop(String key) {
    return new Suggestion()
        .add(SERVER, SERVER)
        .add(WEBHOOKS, WEBHOOKS)
        .add(CLUSTER, CLUSTER)
        .add(DATABASE, DATABASE)
        .add(APPS_FROM, APPS_FROM)
        .add(APPS, APPS)
        .addAll(server.names(ServerSchema.ALL))
        .addAll(webhooks.names(WebhooksSchema.ALL))
        .addAll(cluster.names(ClusterSchema.ALL))
        .addAll(database.names(DatabaseSchema.OWN))
        .to(key);
  }
}
