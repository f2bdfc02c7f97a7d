package dev.fanfare.observe;

import dev.fanfare.app.App;
import dev.fanfare.app.Secret;
import java.util.Collection;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// Puts stars for secrets in a text that strangers had a hand in: one who sends a secret where a
/// key or a signature belongs must not have written it into the log for others. Immutable.
public final class SecretMask {

  /// Shorter ones are no secrets; hiding them would garble every line.
  private static final int MIN_CHARS = 8;

  /// By their length, negated: the longest comes first, so that a secret that begins with another
  /// goes in one piece. There are few lengths, however many apps there are.
  private final TreeMap<Integer, Set<String>> byLength = new TreeMap<>();

  private SecretMask() {}

  /// Hides the secrets of these apps.
  public static SecretMask of(Collection<App> apps) {
    SecretMask mask = new SecretMask();
    for (App app : apps) {
      mask.add(app.secret());
      Secret previous = app.previousSecret();
      if (previous != null) {
        mask.add(previous);
      }
      app.webhooks().forEach(endpoint -> endpoint.headers().values().forEach(mask::add));
    }
    return mask;
  }

  /// Hides the secrets of these apps too; those that it hid before may still come from somebody who
  /// has not heard of the new ones.
  public SecretMask and(Collection<App> apps) {
    SecretMask both = of(apps);
    byLength.forEach((length, texts) ->
        both.byLength.computeIfAbsent(length, _ -> new HashSet<>()).addAll(texts));
    return both;
  }

  private void add(Secret secret) {
    String text = secret.reveal();
    if (text.length() >= MIN_CHARS) {
      byLength.computeIfAbsent(-text.length(), _ -> new HashSet<>()).add(text);
    }
  }

  /// The first `maxChars` of `text`, without any secret that begins there. What comes after costs
  /// nothing, for strangers choose how long a text is.
  public String mask(String text, int maxChars) {
    StringBuilder masked = new StringBuilder(Math.min(text.length(), maxChars));
    int at = 0;
    while (at < text.length() && at < maxChars) {
      int length = secretAt(text, at);
      if (length == 0) {
        masked.append(text.charAt(at));
        at++;
      } else {
        masked.append("********");
        at += length;
      }
    }
    return masked.toString();
  }

  /// The length of the secret that begins there, or 0.
  private int secretAt(String text, int at) {
    for (Map.Entry<Integer, Set<String>> secrets : byLength.entrySet()) {
      int end = at - secrets.getKey();
      if (end <= text.length() && secrets.getValue().contains(text.substring(at, end))) {
        return end - at;
      }
    }
    return 0;
  }
}
