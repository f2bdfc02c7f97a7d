/// The configuration options, and how a file, the environment and the command line become one
/// [Config] or a list of errors.
///
/// The tables [ServerSchema], [WebhooksSchema] and [AppSchema] declare every option once; parsing,
/// checks, suggestions, `fanfare config print` and `docs/configuration.md` are based on them.
/// [YamlFile] and [Environment] each read one layer into a [Draft]; [ConfigReader] merges the
/// drafts, has [Checks] look for contradictions and builds the option records of the parts.
///
/// The names of other servers are in tables, too: [SoketiNames], [ReverbNames], [PusherNames].
/// [Aliases] reads their variables, [SoketiFile] soketi's JSON file.
///
/// May import: everything below it; snakeyaml-engine in [YamlFile] only. Nothing imports this but
/// the commands in `dev.fanfare`.
@NullMarked
package dev.fanfare.config;

import org.jspecify.annotations.NullMarked;
