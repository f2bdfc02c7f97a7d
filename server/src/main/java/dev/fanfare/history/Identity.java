package dev.fanfare.history;

import dev.fanfare.app.HistoryRule.Trait;
import dev.fanfare.protocol.Json;
import dev.fanfare.protocol.MalformedJson;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// By what a subscriber is recognised when it comes back. Comparable, because strangers choose
/// names: a map finds equal hashes by their order.
///
/// @param kind how exact it is
/// @param name unique within the kind
public record Identity(Kind kind, String name) implements Comparable<Identity> {

  private static final Comparator<Identity> ORDER =
      Comparator.comparing(Identity::name).thenComparing(Identity::kind);

  /// A longer device is not recognised.
  private static final int MAX_CHARS = 128;

  /// Where a name comes from.
  public enum Kind {
    /// The tag behind the app key: one client at a time.
    TAG,
    /// `device` in the signed `channel_data`: perhaps any number of clients.
    DEVICE,
    /// The user of a presence channel, of `channel_data`, or the signed-in user: any number of
    /// clients.
    USER,
    /// The cookie that the handshake has set: all pages of a browser.
    COOKIE,
    /// The source address and the client's library: any number of clients.
    ADDRESS,
    /// The channel itself, which belongs to one user: any number of clients.
    CHANNEL
  }

  /// The first that is known; null if none is.
  ///
  /// @param identify by what the rule recognises subscribers, in this order
  public static @Nullable Identity of(Traits traits, List<Trait> identify) {
    for (Trait trait : identify) {
      Identity identity = of(traits, trait);
      if (identity != null) {
        return identity;
      }
    }
    return null;
  }

  private static @Nullable Identity of(Traits traits, Trait trait) {
    ClientTag tag = traits.tag();
    return switch (trait) {
      case TAG -> named(Kind.TAG, tag == null ? null : tag.toString());
      case DATA -> named(Kind.DEVICE, read(traits.signedData(), "device"));
      case USER -> {
        String userId = traits.userId();
        yield named(Kind.USER, userId == null ? read(traits.signedData(), "user_id") : userId);
      }
      case COOKIE -> named(Kind.COOKIE, traits.cookie());
      case ADDRESS -> named(Kind.ADDRESS, traits.address());
    };
  }

  private static @Nullable Identity named(Kind kind, @Nullable String name) {
    return name == null ? null : new Identity(kind, name);
  }

  @Override
  public int compareTo(Identity other) {
    return ORDER.compare(this, other);
  }

  /// True if only one client at a time has this identity.
  public boolean isNarrow() {
    return kind == Kind.TAG;
  }

  private static @Nullable String read(@Nullable String channelData, String member) {
    if (channelData == null || !channelData.contains(member)) {
      return null;
    }
    String[] found = new String[1];
    try {
      Json.readObject(
          channelData,
          (name, value) -> {
            if (name.equals(member) && value.isString()) {
              found[0] = value.string();
            }
          });
    } catch (MalformedJson e) {
      return null; // a private channel accepts any signed text
    }
    return found[0] == null || found[0].isEmpty() || found[0].length() > MAX_CHARS
        ? null
        : found[0];
  }
}
