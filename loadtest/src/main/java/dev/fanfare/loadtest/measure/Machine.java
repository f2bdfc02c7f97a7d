package dev.fanfare.loadtest.measure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/// The machine that this program runs on, from `/proc`.
public final class Machine {

  private static final String UNKNOWN = "unknown";
  private static final double KB_PER_GB = 1e6 / 1.024;

  private Machine() {}

  /// Machine, kernel, CPU and Java, as texts for people. The caller may add to the map.
  public static Map<String, String> describe() {
    Map<String, String> lines = new LinkedHashMap<>();
    int cores = Runtime.getRuntime().availableProcessors();
    lines.put("machine", "%d %s, %s".formatted(cores, cores == 1 ? "core" : "cores", memory()));
    lines.put("kernel", System.getProperty("os.name") + " " + System.getProperty("os.version"));
    lines.put("cpu", value("/proc/cpuinfo", "model name") + ", " + System.getProperty("os.arch"));
    lines.put("java", Runtime.version() + ", " + System.getProperty("java.vendor"));
    return lines;
  }

  /// The cores that a process may run on, such as `0-3`.
  ///
  /// @param process its id, or `self`
  public static String cores(String process) {
    return value("/proc/" + process + "/status", "Cpus_allowed_list");
  }

  private static String memory() {
    String kilobytes = value("/proc/meminfo", "MemTotal").replaceAll("\\D", "");
    return kilobytes.isEmpty()
        ? "memory " + UNKNOWN
        : String.format(Locale.ROOT, "%.1f GB", Long.parseLong(kilobytes) / KB_PER_GB);
  }

  /// The value of the first line that starts with a name and a colon.
  private static String value(String file, String name) {
    try {
      return Files.readAllLines(Path.of(file)).stream()
          .filter(line -> line.startsWith(name))
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .findFirst()
          .orElse(UNKNOWN);
    } catch (IOException e) {
      return UNKNOWN;
    }
  }
}
