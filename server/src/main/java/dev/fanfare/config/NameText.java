package dev.fanfare.config;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// An app's id or key. Both are part of URLs and of texts that SDKs split at colons, so they hold
/// nothing to escape. A complaint does not repeat what may have swallowed the secret: a line that
/// was indented too far becomes part of the line before, and some write `key:secret`.
record NameText() implements Kind<String> {

  private static final Pattern FORM = Pattern.compile("[A-Za-z0-9_.~-]{1,100}");
  private static final Pattern SEVERAL = Pattern.compile("[\\s:;=@]");

  @Override
  public String allowed() {
    return "1 to 100 letters, digits or characters of \"_.~-\"";
  }

  @Override
  public @Nullable String parse(String text) {
    return FORM.matcher(text).matches() ? text : null;
  }

  @Override
  public String found(Written written) {
    boolean hidden =
        written instanceof Written.Scalar scalar && SEVERAL.matcher(scalar.text()).find();
    return hidden ? "several words that are not shown here" : written.described();
  }
}
