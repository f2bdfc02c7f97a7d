package dev.fanfare.console.act;

/// What the program around a server offers to the console: what the server was started from. Any
/// thread; may block.
public interface Program {

  /// The configuration now.
  ConfigView config();
}
