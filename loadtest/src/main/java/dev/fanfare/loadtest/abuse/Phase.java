package dev.fanfare.loadtest.abuse;

import java.util.Locale;

/// Before, during and after an attack.
enum Phase {
  BEFORE,
  DURING,
  AFTER;

  String title() {
    return name().toLowerCase(Locale.ROOT);
  }
}
