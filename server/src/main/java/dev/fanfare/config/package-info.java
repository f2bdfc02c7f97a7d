/// How a file, the environment and the command line become one [Config] or a list of errors.
///
/// `config.schema` declares every option once; parsing, checks, suggestions, `fanfare config print`
/// and `docs/configuration.md` are based on it. `config.value` knows what a value may be,
/// `config.layer` reads a file, variables and flags, `config.foreign` the configuration of other
/// servers. [ConfigReader] merges the drafts, has [Checks] look for contradictions and builds the
/// option records of the parts.
///
/// May import: everything below it. Nothing imports this but the commands in `cli`.
@NullMarked
package dev.fanfare.config;

import org.jspecify.annotations.NullMarked;
