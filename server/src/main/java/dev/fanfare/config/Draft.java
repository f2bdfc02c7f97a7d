package dev.fanfare.config;

import java.util.List;

/// A configuration under construction: what one layer says, or several laid over each other.
///
/// @param isWritten true if there is a layer at all, be it empty
record Draft(Section server, Section webhooks, List<Section> apps, boolean isWritten) {

  Draft(Section server, Section webhooks, List<Section> apps) {
    this(server, webhooks, apps, true);
  }

  /// Nothing said at all.
  static Draft empty() {
    return new Draft(section("server."), section("webhooks."), List.of(), false);
  }

  private static Section section(String path) {
    return new Section(Source.DEFAULT, option -> path + option.key());
  }

  /// This draft laid over a weaker one. Apps are united by their id.
  Draft over(Draft lower) {
    return new Draft(
        server.over(lower.server),
        webhooks.over(lower.webhooks),
        Section.unite(apps, lower.apps, AppSchema.ID),
        isWritten || lower.isWritten);
  }

  /// This draft, with its app that says no id taken for the one of `lower`, if that names one.
  Draft withIds(Draft lower, Problems problems) {
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
