package dev.fanfare.protocol;

/// A validated channel name and the properties derived from it (section 2.1). They are independent
/// of each other: a cached channel may be private, a presence channel may be cached.
///
/// @param value the name with its prefixes, as in every frame
/// @param needsAuth a subscription must be signed (`private-`, `presence-` and their variants)
/// @param hasMembers a presence channel
/// @param isCached the last published event is kept for later subscribers
/// @param isEncrypted payloads are ciphertext that only clients can read
/// @param isUser the reserved `#server-to-user-ID` channel of a signed-in user
public record ChannelName(
    String value,
    boolean needsAuth,
    boolean hasMembers,
    boolean isCached,
    boolean isEncrypted,
    boolean isUser) {

  /// Prefix of the only names that may contain `#`.
  public static final String USER_PREFIX = "#server-to-user-";

  /// Prefix of channels with members.
  public static final String PRESENCE_PREFIX = "presence-";

  /// Prefix of channels whose payloads are ciphertext.
  public static final String ENCRYPTED_PREFIX = "private-encrypted-";

  /// Parses a name of at most `maxChars` UTF-16 units, or returns the reason why it is invalid.
  public static Parsed<ChannelName> parse(String name, int maxChars) {
    if (name.isEmpty()) {
      return new Parsed.Bad<>("Invalid channel name: it is empty");
    }
    if (name.length() > maxChars) {
      return new Parsed.Bad<>(
          "Invalid channel name: it has "
              + name.length()
              + " characters, the limit is "
              + maxChars
              + " (max_channel_name_chars)");
    }
    boolean isUser = name.startsWith(USER_PREFIX) && name.length() > USER_PREFIX.length();
    if (!hasOnlyAllowed(name, isUser ? USER_PREFIX.length() : 0)) {
      return new Parsed.Bad<>(
          "Invalid channel name '" + name + "': allowed are letters, digits and _ - = @ , . ;");
    }
    return new Parsed.Ok<>(of(name, isUser));
  }

  /// The user id of a `#server-to-user-ID` channel; call only if [#isUser].
  public String userId() {
    return value.substring(USER_PREFIX.length());
  }

  /// True for the characters of channel names and user ids.
  static boolean isAllowed(char c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || "_-=@,.;".indexOf(c) >= 0;
  }

  private static ChannelName of(String name, boolean isUser) {
    boolean isPresence = name.startsWith(PRESENCE_PREFIX);
    boolean isPrivate = name.startsWith("private-");
    boolean isEncrypted = name.startsWith(ENCRYPTED_PREFIX);
    boolean isCached =
        name.startsWith("cache-")
            || name.startsWith("private-cache-")
            || name.startsWith("private-encrypted-cache-")
            || name.startsWith("presence-cache-");
    return new ChannelName(
        name, isPrivate || isPresence, isPresence, isCached, isEncrypted, isUser);
  }

  private static boolean hasOnlyAllowed(String name, int from) {
    for (int i = from; i < name.length(); i++) {
      if (!isAllowed(name.charAt(i))) {
        return false;
      }
    }
    return true;
  }
}
