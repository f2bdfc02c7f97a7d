package dev.fanfare.http;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Which form of a refusal an `Accept` header asks for (RFC 9110 section 12.5.1).
final class Accept {

  private static final String JSON = "application/json";
  private static final String TEXT = "text/plain";

  private Accept() {}

  /// True if the header names `application/json`, and `text/plain` with no higher quality.
  /// Wildcards say nothing: plain text is what the hosted service sends.
  static boolean prefersJson(@Nullable String header) {
    double json = header == null ? 0 : quality(header, JSON);
    return header != null && json > 0 && json >= quality(header, TEXT);
  }

  /// The quality of a media type that is listed by name; 0 if it is not.
  private static double quality(String header, String type) {
    for (String element : header.toLowerCase(Locale.ROOT).split(",", -1)) {
      String[] parts = element.split(";", -1);
      if (parts[0].strip().equals(type)) {
        return quality(parts);
      }
    }
    return 0;
  }

  private static double quality(String[] parts) {
    for (int i = 1; i < parts.length; i++) {
      String parameter = parts[i].strip();
      if (parameter.startsWith("q=")) {
        return parameter.matches("q=(?:1(?:\\.0{0,3})?|0(?:\\.[0-9]{0,3})?)")
            ? Double.parseDouble(parameter.substring(2))
            : 0;
      }
    }
    return 1;
  }
}
