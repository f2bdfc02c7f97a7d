package dev.fanfare.config.foreign;

import dev.fanfare.bus.EngineOptions;
import dev.fanfare.config.schema.ClusterSchema;
import dev.fanfare.config.schema.Option;
import dev.fanfare.config.value.Problems;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// How Reverb's nodes are joined: over the application's Redis. The variables `REDIS_…` belong to
/// the application, so they are read only if scaling is enabled.
final class ReverbEngine {

  private static final String ENABLED = "REVERB_SCALING_ENABLED";
  private static final String CHANNEL = "REVERB_SCALING_CHANNEL";
  private static final String URL = "REDIS_URL";
  private static final String HOST = "REDIS_HOST";
  private static final String PORT = "REDIS_PORT";
  private static final String USER = "REDIS_USERNAME";
  private static final String PASSWORD = "REDIS_PASSWORD";

  private static final String DEFAULT_HOST = "127.0.0.1";
  private static final String DEFAULT_PORT = "6379";

  /// What Laravel reads as `false` or as nothing.
  private static final Set<String> OFF =
      Set.of("false", "(false)", "0", "no", "off", "null", "(null)", "(empty)");

  private static final Set<String> ON = Set.of("true", "(true)", "1", "yes", "on");

  // A database and options are of no consequence for publishing and subscribing.
  private static final Pattern FORM =
      Pattern.compile(
          "(redis|rediss|tcp|tls)://([^/@]*@)?(\\[[^]]*]|[^/?#:]+)(:[0-9]+)?(?:[/?#].*)?");

  static final List<EngineName> NAMES =
      List.of(
          name(ENABLED, ClusterSchema.BUS, "true is `redis`, false is `none`", "false"),
          name(URL, ClusterSchema.REDIS_URLS, "with scaling; `tls://` is `rediss://`", ""),
          name(HOST, ClusterSchema.REDIS_URLS, "with scaling; part of the URL", DEFAULT_HOST),
          name(PORT, ClusterSchema.REDIS_URLS, "with scaling; part of the URL", DEFAULT_PORT),
          name(USER, ClusterSchema.USER, "with scaling", ""),
          name(PASSWORD, ClusterSchema.PASSWORD, "with scaling", ""),
          name(
              CHANNEL, ClusterSchema.NAME, "lower case, `-` for other characters than digits", ""));

  private final EngineReader in;

  private ReverbEngine(EngineReader in) {
    this.in = in;
  }

  private static EngineName name(String variable, Option<?> option, String said, String assumed) {
    return new EngineName(variable, null, option, said, assumed);
  }

  /// True if a value counts as unset in Laravel's `.env`.
  static boolean isUnset(String value) {
    return switch (value.strip().toLowerCase(Locale.ROOT)) {
      case "", "null", "(null)", "(empty)" -> true;
      default -> false;
    };
  }

  /// Joins the nodes if scaling is enabled.
  static void read(EngineReader in, Problems problems) {
    EngineValue enabled = in.find(ENABLED);
    if (enabled == null) {
      return;
    }
    in.use(enabled);
    String text = enabled.text().strip().toLowerCase(Locale.ROOT);
    if (ON.contains(text)) {
      new ReverbEngine(in).join(enabled);
    } else if (!OFF.contains(text)) {
      problems.error(
          enabled.source(),
          ENABLED + " is " + enabled.written().described() + ", but must be true or false");
    }
  }

  private void join(EngineValue enabled) {
    Map<String, Option<?>> others = new LinkedHashMap<>();
    EngineValue url = in.find(URL);
    if (url == null || !url.text().contains("@")) { // its login replaces the other
      others.put(USER, ClusterSchema.USER);
      others.put(PASSWORD, ClusterSchema.PASSWORD);
    }
    others.put(CHANNEL, ClusterSchema.NAME);
    String host = text(HOST, DEFAULT_HOST);
    String made = url == null ? byHost(host) : byUrl(url.text().strip());
    List<EngineValue> from = url == null ? in.all(HOST, PORT) : in.all(URL);
    in.join(EngineOptions.Kind.REDIS, enabled, List.of(made), from, others);
  }

  /// A host may begin with a scheme there.
  private String byHost(String host) {
    String port = text(PORT, DEFAULT_PORT);
    int end = host.indexOf("://");
    return end < 0 ? "redis://" + EngineReader.hostAndPort(host, port) : byUrl(host + ":" + port);
  }

  private String byUrl(String url) {
    Matcher parts = FORM.matcher(url);
    if (!parts.matches()) {
      return url; // which is reported
    }
    boolean isSecure = parts.group(1).equals("rediss") || parts.group(1).equals("tls");
    String port = parts.group(4) == null ? ":" + text(PORT, DEFAULT_PORT) : parts.group(4);
    return (isSecure ? "rediss://" : "redis://") + orEmpty(parts.group(2)) + parts.group(3) + port;
  }

  private static String orEmpty(@Nullable String text) {
    return text == null ? "" : text;
  }

  private String text(String variable, String assumed) {
    EngineValue value = in.find(variable);
    return value == null ? assumed : value.text().strip();
  }
}
