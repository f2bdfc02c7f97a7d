package dev.fanfare.history;

import dev.fanfare.protocol.Json;
import dev.fanfare.protocol.MalformedJson;
import org.jspecify.annotations.Nullable;

/// What an app's server asks for one subscription, in the signed `channel_data`: `"rewind":"20"`
/// for events or `"rewind":"5m"` for a time. What exceeds the rule is cut, not refused.
///
/// @param events at most so many
/// @param seconds at most so old; 0 for any age
public record Rewind(int events, int seconds) {

  private static final int MAX_DIGITS = 6;
  private static final int MINUTE = 60;
  private static final int HOUR = 60 * MINUTE;

  /// What a server asks for; null if it does not ask, or not in one of those forms.
  public static @Nullable Rewind read(@Nullable String channelData) {
    if (channelData == null || !channelData.contains("\"rewind\"")) {
      return null;
    }
    String[] found = new String[1];
    try {
      Json.readObject(
          channelData,
          (name, value) -> {
            if (name.equals("rewind") && value.isString()) {
              found[0] = value.string();
            }
          });
    } catch (MalformedJson e) {
      return null; // a private channel accepts any signed text
    }
    return found[0] == null ? null : parse(found[0]);
  }

  private static @Nullable Rewind parse(String text) {
    int digits = 0;
    while (digits < text.length() && text.charAt(digits) >= '0' && text.charAt(digits) <= '9') {
      digits++;
    }
    if (digits == 0 || digits > MAX_DIGITS || text.length() > digits + 1) {
      return null;
    }
    int count = Integer.parseInt(text, 0, digits, 10);
    if (text.length() == digits) {
      return new Rewind(count, 0);
    }
    int seconds =
        switch (text.charAt(digits)) {
          case 's' -> count;
          case 'm' -> count * MINUTE;
          case 'h' -> (int) Math.min((long) count * HOUR, Integer.MAX_VALUE);
          default -> -1;
        };
    return seconds < 0 ? null : new Rewind(seconds == 0 ? 0 : Integer.MAX_VALUE, seconds);
  }

  /// The smaller of two ages, 0 being any age.
  public int secondsWithin(int ruleSeconds) {
    return seconds == 0 ? ruleSeconds : ruleSeconds == 0 ? seconds : Math.min(seconds, ruleSeconds);
  }
}
