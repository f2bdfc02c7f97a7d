package dev.fanfare.loadtest.report;

import java.util.List;

/// Stub.
public final class HtmlReport {
  private HtmlReport() {}

  /// Stub.
  public static String page(List<String> files) {
    return String.join("", files);
  }
}
