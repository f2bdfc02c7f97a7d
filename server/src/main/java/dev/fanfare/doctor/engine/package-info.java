/// Finds out why nodes do not join: connects to the engine of `cluster.bus` as a node does, keeps
/// there what nodes keep, and listens for the others. [EngineDoctor] runs the steps.
///
/// May import: `doctor.report`, and what `doctor` may import, with `bus`, `history.shared` and
/// `cluster.datagram`.
@NullMarked
package dev.fanfare.doctor.engine;

import org.jspecify.annotations.NullMarked;
