/// The load-test harness: drives any Pusher-protocol server and tells what it costs.
///
/// Packages, from the bottom: `plan` (what was asked for), `wire` (bytes), `measure` (clocks and
/// counters), `client` (sockets and the loop), `report` (results), `scenario` (the loads),
/// `compare` (several servers in turn), `cli` (the command line). Each imports those before it
/// only. All of it runs on one thread.
@NullMarked
package dev.fanfare.loadtest;

import org.jspecify.annotations.NullMarked;
