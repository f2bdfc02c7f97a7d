package dev.fanfare.console;

import dev.fanfare.protocol.Json;
import java.nio.charset.StandardCharsets;

/// The answer to a request: JSON.
///
/// @param body of which the last byte is a line feed
@SuppressWarnings("ArrayRecordComponent") // never compared, and written once
record Reply(int status, byte[] body) {

  static Reply of(Json.Writer document) {
    return new Reply(200, line(document));
  }

  /// @param reason a sentence without a full stop
  static Reply refusal(int status, String reason) {
    return new Reply(status, line(Json.object().field("error", reason)));
  }

  private static byte[] line(Json.Writer document) {
    return (document.text() + "\n").getBytes(StandardCharsets.UTF_8);
  }
}
