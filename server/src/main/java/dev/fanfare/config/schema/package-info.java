/// The options. Every option is declared once, in the table of its section: [ServerSchema],
/// [WebhooksSchema], [AppSchema], [LimitsSchema] and others. A [Section] holds the settings of one
/// section, a [Draft] those of a configuration.
///
/// May import: `config.value`, and the option records of the packages below `config`.
@NullMarked
package dev.fanfare.config.schema;

import org.jspecify.annotations.NullMarked;
