package dev.fanfare.config;

import dev.fanfare.app.Secret;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// An app's secret. Neither a complaint nor the effective configuration repeats it.
record SecretText() implements Kind<Secret> {

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
  public String found(Written written) {
    boolean hidden = written instanceof Written.Scalar scalar && !scalar.text().isEmpty();
    return hidden ? "a text that is not shown here" : written.described();
  }
}
