package dev.fanfare.console.peers;

import dev.fanfare.protocol.Json;
import dev.fanfare.protocol.MalformedJson;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The ten steps to a connection by the node that knows it.
///
/// @param node its name
/// @param headline the cause
/// @param steps JSON
public record KnownChain(String node, String headline, String steps) {

  /// Reads what a node has answered; null if it was silent, or does not know the connection.
  public static @Nullable KnownChain read(String element) {
    @Nullable String[] read = new String[3];
    try {
      Json.readObject(
          element,
          (name, value) -> {
            if (name.equals("node")) {
              read[0] = value.string();
            } else if (name.equals("answer")) {
              value.object((field, inner) -> {
                if (field.equals("headline")) {
                  read[1] = inner.string();
                } else if (field.equals("steps")) {
                  read[2] = inner.compact();
                }
              });
            }
          });
    } catch (MalformedJson e) {
      return null; // of another version
    }
    return read[2] == null
        ? null
        : new KnownChain(
            Objects.requireNonNullElse(read[0], ""),
            Objects.requireNonNullElse(read[1], ""),
            read[2]);
  }
}
