package dev.fanfare.config.schema;

import dev.fanfare.config.value.Problems;
import dev.fanfare.config.value.Source;
import dev.fanfare.config.value.Written;
import java.util.List;

/// A configuration under construction: one layer, or several merged ones.
///
/// @param isWritten true if there is a layer at all, even an empty one
public record Draft(
    Section server,
    Section webhooks,
    Section cluster,
    Section database,
    List<Section> apps,
    boolean isWritten) {

  public Draft(
      Section server, Section webhooks, Section cluster, Section database, List<Section> apps) {
    this(server, webhooks, cluster, database, apps, true);
  }

  /// No layer at all.
  public static Draft empty() {
    return new Draft(
        section("server."),
        section("webhooks."),
        section("cluster."),
        new Section(
            Source.DEFAULT, option -> DatabaseSchema.spell(option, "", "database.", option.key())),
        List.of(),
        false);
  }

  private static Section section(String path) {
    return new Section(Source.DEFAULT, option -> path + option.key());
  }

  /// This draft merged over a weaker one. Apps are merged by their id.
  public Draft over(Draft lower) {
    return new Draft(
        server.over(lower.server),
        webhooks.over(lower.webhooks),
        cluster.over(lower.cluster),
        database.over(lower.database),
        Section.unite(apps, lower.apps, AppSchema.ID),
        isWritten || lower.isWritten);
  }

  /// The same with these apps and no others.
  public Draft withApps(List<Section> others) {
    return new Draft(server, webhooks, cluster, database, others);
  }

  /// The same with this section of the server.
  public Draft withServer(Section other) {
    return new Draft(other, webhooks, cluster, database, apps);
  }

  /// This draft, in which an app without an id gets the id of the first app of `lower`.
  public Draft withIds(Draft lower, Problems problems) {
    Setting<String> id = lower.apps.isEmpty() ? null : lower.apps.getFirst().find(AppSchema.ID);
    if (id != null) {
      for (Section app : apps) {
        if (!app.has(AppSchema.ID)) {
          app.put(AppSchema.ID, new Written.Scalar(id.value(), id.source()), problems);
        }
      }
    }
    return this;
  }
}
