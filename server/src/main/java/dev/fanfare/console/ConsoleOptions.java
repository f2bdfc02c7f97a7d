package dev.fanfare.console;

import io.soabase.recordbuilder.core.RecordBuilder;

/// Whether and where a server has a console.
///
/// @param enabled false for none
/// @param host address to listen on, a loopback address
/// @param port 0 for any free one
/// @param payloads whether the data of events is shown
/// @param traces publishes of each app that are remembered
@RecordBuilder
public record ConsoleOptions(boolean enabled, String host, int port, boolean payloads, int traces)
    implements ConsoleOptionsBuilder.With {

  public static final ConsoleOptions DEFAULTS =
      new ConsoleOptions(false, "127.0.0.1", 9_602, true, 1_000);
}
