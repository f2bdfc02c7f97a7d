package dev.fanfare.app;

import dev.fanfare.protocol.Parsed;

/// Apps as JSON objects with the keys of an entry of `apps:`, checked like one. Any thread.
///
/// Keys that name a file (`secret_file`) are refused: texts come from other machines.
public interface AppFormat {

  /// The app that a text describes, which has an id, a key and a secret.
  ///
  /// @return the app, or everything that is wrong with it, as lines with the position and the
  ///   option
  Parsed<App> read(String json);

  /// An app changed by a JSON merge patch (RFC 7396): what is absent stays, null returns an option
  /// to its default. Lists are replaced as a whole. The id cannot be changed.
  Parsed<App> change(App current, String patch);

  /// What [#read] reads as an equal app: the options that are not at their defaults, with secrets.
  String write(App app);

  /// Every option of an app, without secrets: neither its own, nor values of webhook headers.
  String show(App app);
}
