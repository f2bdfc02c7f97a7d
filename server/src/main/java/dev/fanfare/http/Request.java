package dev.fanfare.http;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// One request, undecoded.
///
/// @param method upper case
/// @param path percent escapes and `;` untouched, without query and configured prefix
/// @param query raw, without `?`; empty if there was none
/// @param body the exact bytes; not copied, so callers must not change them
/// @param address the client's, behind trusted proxies too; worked out when a log line needs it
@SuppressWarnings("ArrayRecordComponent") // never compared, and read once
public record Request(
    String method,
    String path,
    String query,
    byte[] body,
    Headers headers,
    Supplier<String> address) {

  /// Looks up a header by its name, in any case; the values of several lines joined by commas.
  @FunctionalInterface
  public interface Headers {

    /// A request without headers.
    Headers NONE = _ -> null;

    @Nullable String get(String name);
  }
}
