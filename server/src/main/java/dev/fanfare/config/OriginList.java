package dev.fanfare.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Where browser pages may come from: a list, or one text with commas. Only what can match an
/// `Origin` header is allowed, since an entry that never matches locks people out without a word.
record OriginList() implements Kind<List<String>> {

  private static final String HOST = "[A-Za-z0-9_-]+(?:\\.[A-Za-z0-9_-]+)*";
  private static final Pattern FORM =
      Pattern.compile(
          "\\*|(?:\\*\\.)?HOST|[A-Za-z][A-Za-z0-9+.-]*://(?:HOST|\\[[0-9A-Fa-f:.]+])(?::[0-9]{1,5})?"
              .replace("HOST", HOST));
  private static final Pattern DEFAULT_PORT =
      Pattern.compile("http://.*:80|https://.*:443", Pattern.CASE_INSENSITIVE);

  @Override
  public String allowed() {
    return "a host, *.host, scheme://host or scheme://host:port, without the port that a browser"
        + " leaves out (80 for http, 443 for https), or * for all";
  }

  @Override
  public @Nullable List<String> parse(String text) {
    List<String> origins = new ArrayList<>();
    for (String part : text.isBlank() ? new String[0] : text.split(",", -1)) {
      if (!fits(part.strip())) {
        return null;
      }
      origins.add(part.strip());
    }
    return origins;
  }

  @Override
  public @Nullable List<String> read(String name, Written written, Problems problems) {
    if (!(written instanceof Written.Items list)) {
      return Kind.super.read(name, written, problems);
    }
    List<String> origins = new ArrayList<>();
    for (Written item : list.items()) {
      if (item instanceof Written.Scalar scalar && fits(scalar.text())) {
        origins.add(scalar.text());
      } else {
        String text = name + " has " + item.described() + ", but each must be " + allowed();
        problems.error(item.source(), text);
      }
    }
    return origins.size() == list.items().size() ? origins : null;
  }

  @Override
  public String show(List<String> value) {
    return value.stream().map(Yaml::scalar).collect(Collectors.joining(", ", "[", "]"));
  }

  private static boolean fits(String origin) {
    return FORM.matcher(origin).matches()
        && !DEFAULT_PORT.matcher(origin.toLowerCase(Locale.ROOT)).matches();
  }
}
