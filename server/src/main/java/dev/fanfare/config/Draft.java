package dev.fanfare.config;

import java.util.List;

/// A configuration under construction: what one layer says, or several laid over each other.
record Draft(Section server, Section webhooks, List<Section> apps) {

  /// Nothing said at all.
  static Draft empty() {
    return new Draft(section("server."), section("webhooks."), List.of());
  }

  private static Section section(String path) {
    return new Section(Source.DEFAULT, option -> path + option.key());
  }

  /// This draft laid over a weaker one. Apps are united by their id.
  Draft over(Draft lower) {
    return new Draft(
        server.over(lower.server),
        webhooks.over(lower.webhooks),
        Section.unite(apps, lower.apps, AppSchema.ID));
  }
}
