package dev.fanfare.history.mailbox;

import dev.fanfare.app.HistoryRule.NewReader;
import dev.fanfare.history.ClientTag;
import dev.fanfare.history.EventId;
import dev.fanfare.history.Identity;
import dev.fanfare.protocol.Parsed;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The cursors of a mailbox. A reader is a device with a name; clients without a name share one
/// cursor, which is the newest that any reader has confirmed.
///
/// @param newReader what a device gets that was never seen
/// @param confirmed the last event that each reader has confirmed, by its name
public record Cursors(NewReader newReader, Map<String, EventId> confirmed) {

  /// The reader that clients without a name share.
  private static final String SHARED = "";

  /// The name of the reader that a subscriber is.
  ///
  /// @param identity by which it is recognised; null if it is not
  public static String reader(@Nullable Identity identity) {
    return identity == null ? SHARED : named(identity);
  }

  private static String named(Identity identity) {
    return switch (identity.kind()) {
      case TAG -> device(identity.name());
      case DEVICE -> "d:" + identity.name();
      case USER, COOKIE, ADDRESS, CHANNEL -> SHARED;
    };
  }

  private static String device(String tag) {
    String device =
        ClientTag.parse(tag) instanceof Parsed.Ok<ClientTag>(ClientTag parsed)
            ? parsed.device()
            : "";
    return device.isEmpty() ? SHARED : "d:" + device;
  }

  /// True if this reader has a separate cursor.
  public boolean isKnown(String reader) {
    return confirmed.containsKey(reader);
  }

  /// The last event that a reader need not get; null if it gets everything that is kept.
  ///
  /// @param newest the newest event
  public @Nullable EventId of(String reader, EventId newest) {
    EventId own = confirmed.get(reader);
    if (reader.equals(SHARED)) {
      return shared();
    }
    if (own != null) {
      return own;
    }
    return switch (newReader) {
      case ALL -> null;
      case SHARED -> shared();
      case NONE -> newest;
    };
  }

  /// The newest event that any reader has confirmed; null if there was none.
  private @Nullable EventId shared() {
    return confirmed.values().stream().max(EventId::compareTo).orElse(null);
  }
}
