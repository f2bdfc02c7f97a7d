/// What an option may hold: each [Kind] reads a [Written] value, or reports what is wrong with it
/// to [Problems], with its [Source].
///
/// May import: the packages below `config`, for their enums and values.
@NullMarked
package dev.fanfare.config.value;

import org.jspecify.annotations.NullMarked;
