package dev.fanfare.config.value;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Collects all problems, so that they are reported together. Confined to one reading.
public final class Problems {

  private final List<Problem> errors = new ArrayList<>();
  private final List<Problem> warnings = new ArrayList<>();

  /// A problem that stops the start.
  public void error(Source where, String text) {
    errors.add(new Problem(where.place(), text));
  }

  /// An unknown name, with the one that was probably meant.
  public void unknown(Source where, String name, @Nullable String meant) {
    String hint = meant == null ? "" : "; did you mean " + meant + "?";
    error(where, name + " is not known" + hint);
  }

  /// Something that works here but may cause trouble elsewhere.
  public void warn(Source where, String text) {
    warnings.add(new Problem(where.place(), text));
  }

  public List<Problem> errors() {
    return List.copyOf(errors);
  }

  public List<Problem> warnings() {
    return List.copyOf(warnings);
  }
}
