/// The configuration of other servers. Their names are in tables: [SoketiNames], [ReverbNames],
/// [PusherNames]. [Aliases] reads their variables, [SoketiFile] soketi's JSON file. What joins
/// several nodes goes through [EngineReader].
///
/// May import: `config.value`, `config.schema`, `config.layer`.
@NullMarked
package dev.fanfare.config.foreign;

import org.jspecify.annotations.NullMarked;
