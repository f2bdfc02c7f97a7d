/// The checks, one class each, and what a server's refusal means. A [Visit] holds what earlier
/// checks have found for later ones.
///
/// May import: `doctor.wire`, `doctor.report`.
@NullMarked
package dev.fanfare.doctor.step;

import org.jspecify.annotations.NullMarked;
