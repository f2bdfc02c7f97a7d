package dev.fanfare.doctor.engine;

import dev.fanfare.bus.EngineTraits;
import dev.fanfare.doctor.report.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Judges the version and the limits of an engine.
final class Suitability {

  /// The oldest versions that are tested, as major and minor.
  private static final Map<String, String> OLDEST = Map.of("Redis", "7.0", "NATS", "2.9");

  private static final Pattern VERSION = Pattern.compile("(\\d+)\\.(\\d+).*");

  /// Redis' defaults: bytes at once, and bytes for the seconds after it. The windows of all links
  /// to a node stay below both.
  private static final List<Long> LIMITS = List.of(32L << 20, 8L << 20);

  private static final long MINUTE_SECONDS = 60;
  private static final long MIB = 1L << 20;

  private Suitability() {}

  static Outcome of(@Nullable EngineTraits traits) {
    if (traits == null || (traits.version().isEmpty() && traits.outputLimits().isEmpty())) {
      return new Outcome.Skipped(
          "the user may not read the version and the limits, which nodes do not need");
    }
    List<String> findings = new ArrayList<>();
    List<String> remedies = new ArrayList<>();
    String oldest = OLDEST.get(traits.product());
    if (!traits.version().isEmpty()) {
      boolean isOld = oldest != null && isOlder(traits.version(), oldest);
      findings.add(
          traits.product()
              + " "
              + traits.version()
              + (isOld ? ", older than " + oldest + ", the oldest version that is tested" : ""));
      if (isOld) {
        remedies.add("Use a newer version.");
      }
    }
    if (!traits.outputLimits().isEmpty()) {
      addLimits(traits.outputLimits(), findings, remedies);
    }
    String finding = String.join("; ", findings);
    return remedies.isEmpty()
        ? new Outcome.Passed(finding)
        : new Outcome.Warned(finding, String.join(" ", remedies));
  }

  private static void addLimits(String text, List<String> findings, List<String> remedies) {
    List<Long> limits = Stream.of(text.split(" ", -1)).map(Long::valueOf).toList();
    String shown = "subscribers may have " + bytes(limits.get(0)) + " unsent";
    if (limits.get(1) > 0) {
      shown += ", " + bytes(limits.get(1)) + " for " + limits.get(2) + " s";
    }
    boolean isSmall =
        isBelow(limits.get(0), LIMITS.get(0))
            || isBelow(limits.get(1), LIMITS.get(1))
            || (limits.get(1) > 0 && limits.get(2) < MINUTE_SECONDS);
    findings.add(
        shown + (isSmall ? ": Redis would disconnect a node that is slow for a while" : ""));
    if (isSmall) {
      remedies.add("CONFIG SET client-output-buffer-limit 'pubsub 32mb 8mb 60'");
    }
  }

  /// 0 is no limit.
  private static boolean isBelow(long limit, long needed) {
    return limit > 0 && limit < needed;
  }

  private static String bytes(long limit) {
    if (limit == 0) {
      return "any number of bytes";
    }
    return limit % MIB == 0 ? limit / MIB + " MiB" : limit + " bytes";
  }

  private static boolean isOlder(String version, String than) {
    Matcher is = VERSION.matcher(version);
    Matcher least = VERSION.matcher(than);
    if (!is.matches() || !least.matches()) {
      return false;
    }
    int major = Integer.compare(Integer.parseInt(is.group(1)), Integer.parseInt(least.group(1)));
    int minor = Integer.compare(Integer.parseInt(is.group(2)), Integer.parseInt(least.group(2)));
    return major < 0 || (major == 0 && minor < 0);
  }
}
