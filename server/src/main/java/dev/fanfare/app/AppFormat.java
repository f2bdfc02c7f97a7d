package dev.fanfare.app;

import dev.fanfare.protocol.Parsed;

/// Apps as JSON objects with the keys of an entry of `apps:`, checked like one. Any thread.
///
/// Keys that name a file (`secret_file`) are refused: texts come from other machines.
public interface AppFormat {

  /// A new app.
  ///
  /// @param hasNewId true if its id was generated
  /// @param hasNewSecret true if its secret was generated
  record NewApp(App app, boolean hasNewId, boolean hasNewSecret) {}

  /// The app that a text describes, which has an id, a key and a secret.
  ///
  /// @return the app, or everything that is wrong with it, as lines with the position and the
  ///   option
  Parsed<App> read(String json);

  /// The app that a text describes, in which id, key and secret may be missing: those are
  /// generated.
  Parsed<NewApp> create(String json);

  /// An app changed by a JSON merge patch (RFC 7396): what is absent stays, null returns an option
  /// to its default. Lists are replaced as a whole. The id cannot be changed.
  Parsed<App> change(App current, String patch);

  /// A secret that no one can know.
  Secret newSecret();

  /// What [#read] reads as an equal app: the options that are not at their defaults, with secrets.
  String write(App app);

  /// The options of an app, those at their defaults too, without secrets: asterisks stand for the
  /// values of a webhook's headers and for the query of its URL, and [#change] accepts them for
  /// what they stand for.
  String show(App app);
}
