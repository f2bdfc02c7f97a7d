/// The loads, one class each, and their parts.
///
/// Each [Scenario] opens its sockets on a [Rig], keeps them busy during the warm-up and a measured
/// [Window], checks that nothing was lost, and returns a result. [Publishing] decides when the next
/// event is sent, [Receivers] check and time the deliveries.
///
/// May import: the JDK, `protocol` and every other package but `compare` and `cli`.
@NullMarked
package dev.fanfare.loadtest.scenario;

import org.jspecify.annotations.NullMarked;
