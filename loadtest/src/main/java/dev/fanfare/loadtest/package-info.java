/// The load test: drives any Pusher-protocol server and measures what that costs it.
///
/// Packages, from the bottom: `plan` (the request), `wire` (bytes), `measure` (clocks and
/// counters), `client` (sockets and the loop), `report` (results), `scenario` (the loads),
/// `compare` (several servers in turn), `attack` (what attackers do), `abuse` (attacks beside
/// bystanders), `cli` (the command line). Each imports only those before it. Loads run on one
/// thread; attackers and bystanders have one each.
@NullMarked
package dev.fanfare.loadtest;

import org.jspecify.annotations.NullMarked;
