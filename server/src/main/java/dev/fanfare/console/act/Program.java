package dev.fanfare.console.act;

import dev.fanfare.app.App;
import dev.fanfare.protocol.Parsed;
import org.jspecify.annotations.Nullable;

/// What the program around a server offers to the console: what the server was started from. Any
/// thread; may block.
public interface Program {

  /// The configuration now.
  ConfigView config();

  /// Prepares an examination by the doctor; fails if the URL is not one.
  ///
  /// @param app whose key and secret it uses
  /// @param url null for the server itself
  Parsed<DoctorRuns.Examination> examination(App app, @Nullable String url);
}
