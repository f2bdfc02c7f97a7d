package dev.fanfare.config.value;

import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Origins of browser pages. Only entries that can match an `Origin` header are accepted, since one
/// that never matches would lock users out silently.
public record OriginList() implements ItemList<String> {

  private static final String HOST = "[A-Za-z0-9_-]+(?:\\.[A-Za-z0-9_-]+)*";
  private static final Pattern FORM =
      Pattern.compile(
          "\\*|file://|(?:\\*\\.)?HOST|[A-Za-z][A-Za-z0-9+.-]*://(?:HOST|\\[[0-9A-Fa-f:.]+])(?::[0-9]{1,5})?"
              .replace("HOST", HOST));
  private static final Pattern DEFAULT_PORT =
      Pattern.compile("http://.*:80|https://.*:443", Pattern.CASE_INSENSITIVE);

  @Override
  public String allowed() {
    return "a host, *.host, scheme://host or scheme://host:port, without the port that a browser"
        + " leaves out (80 for http, 443 for https), null or file:// for pages without a host, or *"
        + " for all";
  }

  @Override
  public String each() {
    return allowed();
  }

  @Override
  public @Nullable String item(String text) {
    return fits(text) ? text : null;
  }

  private static boolean fits(String origin) {
    return FORM.matcher(origin).matches()
        && !DEFAULT_PORT.matcher(origin.toLowerCase(Locale.ROOT)).matches();
  }
}
