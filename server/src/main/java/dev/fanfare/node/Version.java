package dev.fanfare.node;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/// The version of this build, as its jar states it.
public final class Version {

  private Version() {}

  /// `Fanfare 1.2.3 (commit 0123abc of 2026-01-31, Java 25.0.1)`.
  public static String text() {
    Properties build = new Properties();
    try (InputStream in = Version.class.getResourceAsStream("build.properties")) {
      if (in != null) {
        build.load(in);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    String date = build.getProperty("date", "");
    String commit = "commit " + build.getProperty("commit", "unknown");
    String java = "Java " + Runtime.version().toString().replaceFirst("\\+.*", "");
    String built = date.isEmpty() ? commit : commit + " of " + date;
    return name() + " (" + built + ", " + java + ")";
  }

  /// `Fanfare 1.2.3`.
  public static String name() {
    return "Fanfare " + number();
  }

  /// `1.2.3`.
  public static String number() {
    String number = Version.class.getPackage().getImplementationVersion();
    return number == null ? "(not packaged)" : number;
  }
}
