/// What was found: the [Outcome] of each [Step], a [Report] of all, its forms as text and JSON, and
/// a proxy's configuration that would help ([ProxyBlock]).
///
/// May import: `doctor.wire`.
@NullMarked
package dev.fanfare.doctor.report;

import org.jspecify.annotations.NullMarked;
