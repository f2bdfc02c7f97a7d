package dev.fanfare.config.value;

import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Host names that a public certificate can be for. Wildcards and addresses are refused: they need
/// challenges that this server does not have.
public record DomainList() implements ItemList<String> {

  private static final String LABEL = "[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?";
  private static final Pattern FORM = Pattern.compile(LABEL + "(?:\\." + LABEL + ")*");
  private static final Pattern ADDRESS = Pattern.compile("[0-9.]+");
  private static final int MAX_CHARS = 253;

  @Override
  public String allowed() {
    return "host names such as realtime.example.com, without wildcards and addresses";
  }

  @Override
  public String each() {
    return "a host name such as realtime.example.com, not a wildcard or an address";
  }

  @Override
  public @Nullable String item(String text) {
    String name = text.toLowerCase(Locale.ROOT);
    boolean isName =
        name.length() <= MAX_CHARS
            && FORM.matcher(name).matches()
            && !ADDRESS.matcher(name).matches();
    return isName ? name : null;
  }
}
