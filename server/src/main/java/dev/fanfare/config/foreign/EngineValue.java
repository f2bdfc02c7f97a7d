package dev.fanfare.config.foreign;

import dev.fanfare.config.value.Source;
import dev.fanfare.config.value.Written;

/// What another server's configuration says for an [EngineName].
///
/// @param name as the operator spelled it
/// @param source where the name is
/// @param isVariable true from the environment, false from a file
public record EngineValue(String name, Source source, Written written, boolean isVariable) {

  static EngineValue variable(String name, String text) {
    Source source = Source.variable(name);
    return new EngineValue(name, source, new Written.Scalar(text, source), true);
  }

  /// The text; empty for a list or a mapping.
  String text() {
    return written instanceof Written.Scalar scalar ? scalar.text() : "";
  }
}
