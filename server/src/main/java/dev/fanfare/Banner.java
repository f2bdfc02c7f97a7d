package dev.fanfare;

import com.sun.management.UnixOperatingSystemMXBean;
import dev.fanfare.app.App;
import java.lang.management.ManagementFactory;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a person wants to know when the server has started, on one screen. Never shows a secret.
final class Banner {

  private static final int MOST_APPS = 20;

  private Banner() {}

  /// @param transport which transport was chosen, and why
  /// @param tls which certificate is in use; empty without TLS
  /// @param metrics where they are told; null if they are off
  static String text(
      Address address, String transport, String tls, @Nullable Address metrics, List<App> apps) {
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
    long files = maxOpenFiles();
    if (files > 0) {
      line(out, "files", files + " may be open at once, and each connection is one");
    }
    apps.stream().limit(MOST_APPS).forEach(app -> line(out, "app", describe(app)));
    if (apps.size() > MOST_APPS) {
      line(out, "app", "and " + (apps.size() - MOST_APPS) + " more");
    }
    return out.append('\n').toString();
  }

  private static String describe(App app) {
    String disabled = app.options().enabled() ? "" : ", disabled";
    return app.id() + ", key " + app.key() + disabled;
  }

  private static void line(StringBuilder out, String name, String value) {
    out.append(String.format("  %-9s  %s%n", name, value));
  }

  /// The ceiling that the operating system sets, or 0 if it tells none.
  private static long maxOpenFiles() {
    return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
        ? unix.getMaxFileDescriptorCount()
        : 0;
  }
}
