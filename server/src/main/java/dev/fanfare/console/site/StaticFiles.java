package dev.fanfare.console.site;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Finds files of the pages by the paths of requests, and keeps what was read. Every screen is the
/// same `index.html`, which shows what the path names. Any thread; may block.
public final class StaticFiles {

  private static final String FOLDER = "/dev/fanfare/console/pages/";

  private static final Pattern SCREEN =
      Pattern.compile("/|/(?:nodes|config|doctor|login)|/apps(?:/.*)?");

  private static final Pattern FILE =
      Pattern.compile("/((?:[A-Za-z0-9_-]+/){0,3}[A-Za-z0-9_-][A-Za-z0-9._-]*\\.([a-z]{2,4}))");

  private static final Map<String, String> TYPES =
      Map.of(
          "html", "text/html; charset=utf-8",
          "js", "text/javascript; charset=utf-8",
          "css", "text/css; charset=utf-8",
          "svg", "image/svg+xml");

  /// Scripts that are no modules, and the variable that each defines: it becomes what the module
  /// exports, so that a page can load it when it is needed.
  private static final Map<String, String> SCRIPTS =
      Map.of("vendor/uplot/uPlot.iife.min.js", "uPlot");

  /// By names below the folder; only of files that exist.
  private final ConcurrentMap<String, StaticFile> read = new ConcurrentHashMap<>();

  /// The file that a request gets; null if there is none.
  ///
  /// @param path raw, as sent
  public @Nullable StaticFile find(String path) throws IOException {
    if (SCREEN.matcher(path).matches()) {
      return load("index.html", "html");
    }
    Matcher file = FILE.matcher(path);
    return file.matches() && TYPES.containsKey(file.group(2))
        ? load(file.group(1), file.group(2))
        : null;
  }

  private @Nullable StaticFile load(String name, String extension) throws IOException {
    StaticFile known = read.get(name);
    if (known != null) {
      return known;
    }
    try (InputStream stream = StaticFiles.class.getResourceAsStream(FOLDER + name)) {
      String type = TYPES.get(extension);
      if (stream == null || type == null) {
        return null;
      }
      StaticFile file = StaticFile.of(type, module(name, stream.readAllBytes()));
      read.put(name, file);
      return file;
    }
  }

  private static byte[] module(String name, byte[] content) throws IOException {
    String variable = SCRIPTS.get(name);
    if (variable == null) {
      return content;
    }
    ByteArrayOutputStream whole = new ByteArrayOutputStream();
    whole.write(content);
    whole.write(("\nexport default " + variable + ";\n").getBytes(StandardCharsets.UTF_8));
    return whole.toByteArray();
  }
}
