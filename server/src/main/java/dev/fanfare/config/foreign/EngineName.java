package dev.fanfare.config.foreign;

import dev.fanfare.config.layer.Environment;
import dev.fanfare.config.schema.DatabaseSchema;
import dev.fanfare.config.schema.Option;
import org.jspecify.annotations.Nullable;

/// Another server's name for a setting that joins its nodes, or says where its apps are. Several
/// names may make one of our options, so [EngineReader] reads them together.
///
/// @param variable in full
/// @param path in that server's JSON file; null if it has none
/// @param option ours, that it becomes or is a part of
/// @param said how it is converted, for the table; empty if it is not
/// @param assumed that server's default, as it would be written there; empty to use ours
record EngineName(
    String variable, @Nullable String path, Option<?> option, String said, String assumed) {

  /// Our variable for it.
  String ours() {
    return ours(option);
  }

  /// Our variable for an option of the cluster or of the database.
  static String ours(Option<?> option) {
    return DatabaseSchema.ALL.contains(option)
        ? Environment.ofDatabase(option)
        : Environment.CLUSTER + option.variable();
  }
}
