package dev.fanfare.history;

import dev.fanfare.protocol.Json;
import dev.fanfare.protocol.MalformedJson;
import java.util.Comparator;
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
    USER
  }

  /// The first that is known of these; null if none is.
  ///
  /// @param channelData signed; null if there is none
  /// @param userId of the presence channel, or of the signed-in user
  public static @Nullable Identity of(
      @Nullable ClientTag tag, @Nullable String channelData, @Nullable String userId) {
    if (tag != null) {
      return new Identity(Kind.TAG, tag.toString());
    }
    String device = channelData == null ? null : read(channelData, "device");
    if (device != null) {
      return new Identity(Kind.DEVICE, device);
    }
    String user = userId == null && channelData != null ? read(channelData, "user_id") : userId;
    return user == null ? null : new Identity(Kind.USER, user);
  }

  @Override
  public int compareTo(Identity other) {
    return ORDER.compare(this, other);
  }

  /// True if only one client at a time has this identity.
  public boolean isNarrow() {
    return kind == Kind.TAG;
  }

  private static @Nullable String read(String channelData, String member) {
    if (!channelData.contains(member)) {
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
