package dev.fanfare.observe;

import java.util.Locale;

/// The limits of an app on numbers and rates, as opposed to sizes.
public enum Quota {
  CONNECTIONS,
  SUBSCRIPTIONS,
  SUBSCRIPTION_CHANGES("_per_second"),
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

  /// The setting of this limit, as spelled below `limits:` in the configuration.
  public String setting() {
    return setting;
  }
}
