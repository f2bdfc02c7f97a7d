package dev.fanfare.config.value;

import dev.fanfare.protocol.Parsed;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// An app's id or key. Both are part of URLs and of texts that SDKs split at colons, so they
/// contain nothing that needs escaping. An error does not repeat a text that may include the
/// secret: a line that is indented too far becomes part of the line before, and some write
/// `key:secret`.
public record NameText() implements Kind<String> {

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
  public @Nullable String read(String name, Written written, Problems problems) {
    if (written instanceof Written.Scalar s
        && Unfilled.check(s.text()) instanceof Parsed.Bad(String fault)) {
      problems.error(written.source(), name + " " + fault);
      return null;
    }
    return Kind.super.read(name, written, problems);
  }

  @Override
  public String found(Written written) {
    boolean hidden =
        written instanceof Written.Scalar scalar && SEVERAL.matcher(scalar.text()).find();
    return hidden ? "a text with spaces or one of \":;=@\" (value hidden)" : written.described();
  }
}
