package dev.fanfare.config;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// A configuration under construction: what one layer says, or several laid over each other.
record Draft(Section server, Section webhooks, List<Section> apps) {

  /// Nothing said at all.
  static Draft empty() {
    return new Draft(section("server."), section("webhooks."), List.of());
  }

  private static Section section(String path) {
    return new Section(Source.DEFAULT, option -> path + option.key());
  }

  /// This draft laid over a weaker one. An app with the id of an app below changes that one,
  /// setting by setting; any other is added.
  Draft over(Draft lower) {
    List<Section> united = new ArrayList<>(lower.apps);
    Map<String, Integer> places = new HashMap<>();
    for (int i = 0; i < united.size(); i++) {
      Setting<String> id = united.get(i).find(AppSchema.ID);
      if (id != null) {
        places.putIfAbsent(id.value(), i);
      }
    }
    for (Section app : apps) {
      Setting<String> id = app.find(AppSchema.ID);
      Integer place = id == null ? null : places.get(id.value());
      if (place == null) {
        united.add(app);
      } else {
        united.set(place, app.over(united.get(place)));
      }
    }
    return new Draft(server.over(lower.server), webhooks.over(lower.webhooks), united);
  }
}
