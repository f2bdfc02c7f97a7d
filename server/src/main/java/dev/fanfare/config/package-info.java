/// What a person may configure, and how a file, the environment and the command line become one
/// [Config], or the list of everything that is wrong with them.
///
/// The tables [ServerSchema], [WebhooksSchema] and [AppSchema] declare every option once; reading,
/// checking, "did you mean", `fanfare config print` and `docs/configuration.md` are made from them.
/// [YamlFile] and [Environment] each read one layer into a [Draft]; [ConfigReader] lays the drafts
/// over each other, lets [Checks] look for contradictions and builds the options records of the
/// parts.
///
/// What other servers call the same stands in tables too: [SoketiNames], [ReverbNames],
/// [PusherNames]. [Aliases] reads their variables, [SoketiFile] soketi's JSON file.
///
/// May import: everything below it; snakeyaml-engine in [YamlFile] only. Nothing imports this but
/// the commands in `dev.fanfare`.
@NullMarked
package dev.fanfare.config;

import org.jspecify.annotations.NullMarked;
