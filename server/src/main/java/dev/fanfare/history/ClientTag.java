package dev.fanfare.history;

import dev.fanfare.protocol.Parsed;

/// What a client appends to the key of its app in the URL, so that the server recognises it when it
/// comes back: `/app/KEY/DEVICE~SESSION`. All clients pass it through unchanged. It is no secret
/// and proves nothing.
///
/// @param device an installation, which may have several sessions; empty if the client has no
///   lasting name
/// @param session one of them, such as a page; empty if the device has one connection at a time
public record ClientTag(String device, String session) {

  /// Separates the device from its session. Default rules of web servers often refuse paths with a
  /// leading dot, but not this character.
  private static final char SEPARATOR = '~';

  private static final int MAX_CHARS = 64;

  /// Reads `DEVICE`, `DEVICE~SESSION` or `~SESSION`.
  public static Parsed<ClientTag> parse(String text) {
    int separator = text.indexOf(SEPARATOR);
    String device = separator < 0 ? text : text.substring(0, separator);
    String session = separator < 0 ? "" : text.substring(separator + 1);
    boolean isNamed = separator < 0 || !session.isEmpty();
    return isNamed && !(device.isEmpty() && session.isEmpty()) && isName(device) && isName(session)
        ? new Parsed.Ok<>(new ClientTag(device, session))
        : new Parsed.Bad<>(
            "what follows the app key must be DEVICE, DEVICE~SESSION or ~SESSION, each 1 to "
                + MAX_CHARS
                + " letters, digits, _ and -");
  }

  private static boolean isName(String text) {
    return text.length() <= MAX_CHARS
        && text.chars()
            .allMatch(c ->
                (c >= 'a' && c <= 'z')
                    || (c >= 'A' && c <= 'Z')
                    || (c >= '0' && c <= '9')
                    || c == '_'
                    || c == '-');
  }

  /// The tag as it stands in the URL.
  @Override
  public String toString() {
    return session.isEmpty() ? device : device + SEPARATOR + session;
  }
}
