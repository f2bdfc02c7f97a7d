/// The loads, one class each, and what they are made of.
///
/// Each [Scenario] sets up its sockets on a [Rig], keeps them busy through warm-up and a measured
/// [Window], checks that nothing was lost, and hands back a result. [Publishing] decides when the
/// next event is sent, [Receivers] check and time what arrives.
///
/// May import: the JDK, `protocol` and every package of the harness but `compare` and `cli`.
@NullMarked
package dev.fanfare.loadtest.scenario;

import org.jspecify.annotations.NullMarked;
