/// Finds out what a wrong signature was made of.
///
/// May import: `protocol`, `app`.
@NullMarked
package dev.fanfare.console.detective;

import org.jspecify.annotations.NullMarked;
