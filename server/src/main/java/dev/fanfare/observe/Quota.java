package dev.fanfare.observe;

import java.util.Locale;

/// The limits of an app on how many there may be, as opposed to how large one thing may be.
public enum Quota {
  CONNECTIONS,
  SUBSCRIPTIONS,
  PRESENCE_MEMBERS,
  CLIENT_EVENTS("_per_second"),
  HTTP_EVENTS("_per_second"),
  HTTP_READS("_per_second");

  private final String setting;

  Quota() {
    this("");
  }

  Quota(String unit) {
    this.setting = "max_" + name().toLowerCase(Locale.ROOT) + unit;
  }

  /// The setting that holds the number, as a configuration spells it below `limits:`.
  public String setting() {
    return setting;
  }
}
