package dev.fanfare.config.value;

import dev.fanfare.app.Secret;
import dev.fanfare.protocol.Parsed;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Headers of a request: a mapping, or a text with one `Name: value` per line. Values are often
/// credentials, so neither an error nor the effective configuration repeats them.
public record HeaderMap() implements Kind<Map<String, Secret>> {

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9!#$%&'*+.^_`|~-]+");
  private static final Pattern VALUE = Pattern.compile("[!-~](?:[ -~\\t]*[!-~])?");

  /// Headers that the protocol sets, and those of the connection.
  private static final Set<String> OURS =
      Set.of(
          "content-type",
          "x-pusher-key",
          "x-pusher-signature",
          "host",
          "content-length",
          "transfer-encoding",
          "connection",
          "expect",
          "upgrade",
          "te",
          "trailer",
          "keep-alive");

  /// True if a header of this name cannot be configured.
  public static boolean isReserved(String name) {
    return OURS.contains(name.toLowerCase(Locale.ROOT));
  }

  @Override
  public String allowed() {
    return "a mapping of header names to values, or lines of Name: value";
  }

  @Override
  public @Nullable Map<String, Secret> parse(String text) {
    Problems problems = new Problems();
    Map<String, Secret> headers = new LinkedHashMap<>();
    for (Written.Entry line : lines(text, Source.DEFAULT)) {
      header("headers", line, headers, problems);
    }
    return problems.errors().isEmpty() ? headers : null;
  }

  @Override
  public @Nullable Map<String, Secret> read(String name, Written written, Problems problems) {
    List<Written.Entry> entries =
        switch (written) {
          case Written.Mapping mapping -> mapping.entries();
          case Written.Scalar scalar when !scalar.text().isBlank() ->
              lines(scalar.text(), scalar.source());
          case Written.Scalar _, Written.Items _, Written.Nothing _ -> null;
        };
    if (entries == null) {
      String text = name + " is " + written.described() + ", but must be " + allowed();
      problems.error(written.source(), text);
      return null;
    }
    int before = problems.errors().size();
    Map<String, Secret> headers = new LinkedHashMap<>();
    for (Written.Entry entry : entries) {
      header(name, entry, headers, problems);
    }
    return problems.errors().size() == before ? headers : null;
  }

  @Override
  public String show(Map<String, Secret> value) {
    return value.entrySet().stream()
        .map(header ->
            Yaml.scalar(header.getKey()) + ": " + Yaml.scalar(header.getValue().toString()))
        .collect(Collectors.joining(", ", "{", "}"));
  }

  private static void header(
      String name, Written.Entry entry, Map<String, Secret> headers, Problems problems) {
    String header = entry.key();
    String value = entry.value() instanceof Written.Scalar scalar ? scalar.text() : "";
    Set<String> taken = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    taken.addAll(headers.keySet());
    if (!NAME.matcher(header).matches()) {
      // Not repeated: in a text it may be a value without a name.
      problems.error(entry.source(), name + " has a header whose name is not valid in HTTP");
    } else if (isReserved(header)) {
      problems.error(entry.source(), name + " has " + header + ", which the server sets itself");
    } else if (taken.contains(header)) {
      problems.error(entry.source(), name + " has " + header + " twice");
    } else if (Unfilled.checkReference(value) instanceof Parsed.Bad(String fault)) {
      String text = name + " has " + header + " with a value that ";
      problems.error(entry.source(), text + fault);
    } else if (!VALUE.matcher(value).matches()) {
      String text = " with a value that is not shown here, but must be printable ASCII";
      problems.error(entry.source(), name + " has " + header + text);
    } else {
      headers.put(header, new Secret(value));
    }
  }

  private static List<Written.Entry> lines(String text, Source source) {
    List<Written.Entry> entries = new ArrayList<>();
    for (String line : text.lines().filter(line -> !line.isBlank()).toList()) {
      int colon = line.indexOf(':');
      String name = colon < 0 ? "" : line.substring(0, colon).strip();
      Written value = new Written.Scalar(line.substring(colon + 1).strip(), source);
      entries.add(new Written.Entry(name, source, value));
    }
    return entries;
  }
}
