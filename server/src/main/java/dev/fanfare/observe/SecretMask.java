package dev.fanfare.observe;

import dev.fanfare.app.App;
import dev.fanfare.app.Secret;
import java.util.Collection;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// Replaces secrets in log text by asterisks: a client that sends a secret in place of a key or a
/// signature must not get it into the log. Immutable.
public final class SecretMask {

  /// Shorter texts are not treated as secrets; masking them would garble every line.
  private static final int MIN_CHARS = 8;

  /// By length, negated: the longest comes first, so that a secret that starts with another one is
  /// masked as a whole. There are few lengths, however many apps there are.
  private final TreeMap<Integer, Set<String>> byLength = new TreeMap<>();

  private SecretMask() {}

  /// A mask for the secrets of these apps.
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

  /// A mask for the secrets of these apps too. Secrets that are masked now stay masked: clients may
  /// still send them.
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

  /// The first `maxChars` of `text` with every secret that begins there masked. Longer texts cost
  /// no more, because clients choose their length.
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
