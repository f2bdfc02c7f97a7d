/// The places where settings come from: a file ([YamlFile], [FileLayer]), variables ([Environment])
/// and flags ([Flags]). Each is read into a [dev.fanfare.config.schema.Draft].
///
/// May import: `config.value`, `config.schema`; snakeyaml-engine in [YamlFile] only.
@NullMarked
package dev.fanfare.config.layer;

import org.jspecify.annotations.NullMarked;
