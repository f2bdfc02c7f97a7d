package dev.fanfare.config.value;

import dev.fanfare.app.Secret;
import dev.fanfare.protocol.Parsed;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// A secret. Neither an error nor the effective configuration repeats it.
///
/// @param signs true for an app's secret, which must be a real one; a password of a file proves
///   itself when the file is opened
public record SecretText(boolean signs) implements Kind<Secret> {

  private static final Pattern FORM =
      Pattern.compile("(?!.*\\p{Cntrl})\\S(?:.*\\S)?", Pattern.DOTALL);

  @Override
  public String allowed() {
    return "a text without control characters, and without spaces around it";
  }

  @Override
  public @Nullable Secret parse(String text) {
    return FORM.matcher(text).matches() ? new Secret(text) : null;
  }

  @Override
  public @Nullable Secret read(String name, Written written, Problems problems) {
    if (signs
        && written instanceof Written.Scalar s
        && Unfilled.check(s.text()) instanceof Parsed.Bad(String fault)) {
      problems.error(written.source(), name + " " + fault);
      return null;
    }
    return Kind.super.read(name, written, problems);
  }

  @Override
  public String found(Written written) {
    boolean hidden = written instanceof Written.Scalar scalar && !scalar.text().isEmpty();
    return hidden ? "a text that is not shown here" : written.described();
  }
}
