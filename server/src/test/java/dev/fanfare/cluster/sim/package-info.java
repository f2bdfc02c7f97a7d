/// A deterministic simulation of a cluster: real cores of nodes, with virtual time, a random
/// workload and random faults. A run is a function of its seed.
@NullMarked
package dev.fanfare.cluster.sim;

import org.jspecify.annotations.NullMarked;
