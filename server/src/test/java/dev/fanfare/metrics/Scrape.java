package dev.fanfare.metrics;

import dev.fanfare.testing.RawHttp;
import dev.fanfare.testing.TestNode;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The metrics of a server at one time.
///
/// @param types the type of each family, by the name that its `TYPE` line gives
/// @param values each sample, by its name and labels as written
record Scrape(RawHttp.Answer answer, Map<String, String> types, Map<String, Double> values) {

  private static final String NAME = "[a-zA-Z_:][a-zA-Z0-9_:]*";
  private static final String LABEL = NAME + "=\"(?:[^\"\\\\\\n]|\\\\[\\\\\"n])*\"";
  private static final Pattern TYPE =
      Pattern.compile(
          "# TYPE (" + NAME + ") (counter|gauge|histogram|summary|untyped|unknown|info)");
  private static final Pattern HELP = Pattern.compile("# HELP " + NAME + " .*");
  private static final Pattern SAMPLE =
      Pattern.compile(
          "(" + NAME + "(?:\\{" + LABEL + "(?:," + LABEL + ")*,?\\})?) (-?[0-9.E-]+|[+-]Inf|NaN)");

  static Scrape of(TestNode node, String... headers) throws IOException {
    try (RawHttp http = new RawHttp(node.server().metricsPort())) {
      return read(http.send(RawHttp.request("GET", "/metrics", "", headers)).next());
    }
  }

  /// @param patience how long to wait for each part of the response
  static Scrape of(TestNode node, Duration patience) throws IOException {
    try (RawHttp http = new RawHttp(node.server().metricsPort(), patience)) {
      return read(http.send(RawHttp.request("GET", "/metrics", "")).next());
    }
  }

  /// Fails at the first line that is not valid in the format.
  private static Scrape read(RawHttp.Answer answer) {
    Map<String, String> types = new LinkedHashMap<>();
    Map<String, Double> values = new LinkedHashMap<>();
    for (String line : answer.body().lines().toList()) {
      Matcher type = TYPE.matcher(line);
      Matcher sample = SAMPLE.matcher(line);
      if (type.matches()) {
        once(types.put(type.group(1), type.group(2)), line);
      } else if (sample.matches()) {
        once(values.put(sample.group(1), number(sample.group(2))), line);
      } else if (!HELP.matcher(line).matches() && !line.equals("# EOF")) {
        throw new AssertionError("invalid line: " + line);
      }
    }
    return new Scrape(answer, types, values);
  }

  private static void once(@org.jspecify.annotations.Nullable Object before, String line) {
    if (before != null) {
      throw new AssertionError("exposed twice: " + line);
    }
  }

  private static double number(String text) {
    return switch (text) {
      case "+Inf" -> Double.POSITIVE_INFINITY;
      case "-Inf" -> Double.NEGATIVE_INFINITY;
      default -> Double.parseDouble(text);
    };
  }

  /// The value of a sample; fails if there is none.
  double value(String sample) {
    Double value = values.get(sample);
    if (value == null) {
      throw new AssertionError("no " + sample + " in\n" + answer.body());
    }
    return value;
  }

  /// The names of all families.
  Set<String> names() {
    return new TreeSet<>(types.keySet());
  }
}
