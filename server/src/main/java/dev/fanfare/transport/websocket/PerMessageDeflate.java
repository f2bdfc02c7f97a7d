package dev.fanfare.transport.websocket;

import dev.fanfare.transport.websocket.ExtensionHeader.Offer;
import dev.fanfare.transport.websocket.ExtensionHeader.Parameter;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Negotiates message compression (RFC 7692 section 7.1). Pure: header in, header out.
///
/// Neither side keeps a context from message to message: what the server compresses goes to many
/// sockets, and what it inflates needs no memory of the connection.
final class PerMessageDeflate {

  private static final String NAME = "permessage-deflate";
  private static final String ANSWER =
      NAME + "; server_no_context_takeover; client_no_context_takeover";

  // Java's deflater always uses a window of 2^15 bytes; its inflater accepts every size.
  private static final String SERVER_WINDOW = "server_max_window_bits";
  private static final String WIDEST_WINDOW = "15";
  private static final Set<String> WINDOWS =
      Set.of("8", "9", "10", "11", "12", "13", "14", WIDEST_WINDOW);

  private PerMessageDeflate() {}

  /// The response to a client's `Sec-WebSocket-Extensions` lines: accepts the first offer that can
  /// be honored; null if there is none.
  static @Nullable String accept(List<String> lines) {
    for (Offer offer : ExtensionHeader.parse(lines)) {
      if (offer.name().equals(NAME) && canKeep(offer)) {
        // A requested limit must be confirmed (7.1.2.1).
        boolean isWindowAsked =
            offer.parameters().stream().anyMatch(p -> p.name().equals(SERVER_WINDOW));
        return isWindowAsked ? ANSWER + "; " + SERVER_WINDOW + "=" + WIDEST_WINDOW : ANSWER;
      }
    }
    return null;
  }

  private static boolean canKeep(Offer offer) {
    Set<String> seen = new HashSet<>();
    for (Parameter parameter : offer.parameters()) {
      if (!seen.add(parameter.name()) || !canKeep(parameter)) {
        return false;
      }
    }
    return true;
  }

  private static boolean canKeep(Parameter parameter) {
    String value = parameter.value();
    return switch (parameter.name()) {
      case "server_no_context_takeover", "client_no_context_takeover" -> value.isEmpty();
      case "client_max_window_bits" -> value.isEmpty() || WINDOWS.contains(value);
      case SERVER_WINDOW -> value.equals(WIDEST_WINDOW);
      default -> false;
    };
  }
}
