package dev.fanfare.cli.banner;

import com.sun.management.UnixOperatingSystemMXBean;
import dev.fanfare.app.App;
import dev.fanfare.node.Version;
import java.lang.management.ManagementFactory;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The start-up message, on one screen. Never shows a secret.
public final class Banner {

  private static final int MOST_APPS = 20;

  private Banner() {}

  /// The whole message.
  ///
  /// @param transport which transport was chosen, and why
  /// @param tls which certificate is in use; empty without TLS
  /// @param metrics where they are served; null if they are off
  /// @param console where it is; null if it is off
  public static String text(
      Address address,
      String transport,
      String tls,
      @Nullable Address metrics,
      @Nullable Address console,
      List<App> apps) {
    StringBuilder out = new StringBuilder();
    out.append('\n').append("  ").append(Version.name()).append("\n\n");
    String family = address.bound().equals("0.0.0.0") ? "IPv4 " : "";
    String everywhere = " (" + address.bound() + ": every " + family + "address of this machine)";
    line(out, "address", address.url() + (address.isEverywhere() ? everywhere : ""));
    if (!tls.isEmpty()) {
      line(out, "tls", tls);
    }
    line(out, "transport", transport);
    if (metrics != null) {
      line(out, "metrics", metrics.url());
    }
    if (console != null) {
      line(out, "console", console.url());
    }
    long files = maxOpenFiles();
    if (files > 0) {
      line(out, "files", "open-file limit " + files + ", one per connection");
    }
    apps.stream().limit(MOST_APPS).forEach(app -> line(out, "app", describe(app)));
    if (apps.size() > MOST_APPS) {
      line(out, "app", "and " + (apps.size() - MOST_APPS) + " more");
    }
    return out.append('\n').toString();
  }

  /// How to log in to a console that has no users.
  ///
  /// @param code that logs in once
  public static String login(Address console, String code) {
    return "  Log in to the console, once within ten minutes: "
        + console.url()
        + "/#login="
        + code
        + "\n\n";
  }

  private static String describe(App app) {
    String disabled = app.options().enabled() ? "" : ", disabled";
    return app.id() + ", key " + app.key() + disabled;
  }

  private static void line(StringBuilder out, String name, String value) {
    out.append(String.format("  %-9s  %s%n", name, value));
  }

  /// The limit of the operating system, or 0 if unknown.
  private static long maxOpenFiles() {
    return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
        ? unix.getMaxFileDescriptorCount()
        : 0;
  }
}
