package dev.fanfare.loadtest.report;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// Results as one page that contains its styles, script and data, so it can be mailed, kept, and
/// opened without a network. The script draws; nothing is computed here.
public final class HtmlReport {

  private HtmlReport() {}

  /// The page for one or more texts of [ResultFile].
  public static String page(List<String> files) {
    // "</" would end the script element; in JSON "<\/" means the same.
    String data = "[" + String.join(",", files).replace("</", "<\\/") + "]";
    return resource("report.html")
        .replace("@css@", resource("report.css"))
        .replace("@js@", resource("report.js"))
        .replace("@data@", data);
  }

  private static String resource(String name) {
    try (InputStream in = HtmlReport.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException(name + " is missing from the jar");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new IllegalStateException("cannot read " + name, e);
    }
  }
}
