/// Sockets that speak HTTP: [HttpGateway] passes requests to the router or to the upgrade,
/// [BodyAggregator] collects them, [RequestClock] bounds their time, [ResponseWriter] answers.
///
/// May import: the other packages of `transport` except `server`, and `http`.
@NullMarked
package dev.fanfare.transport.http;

import org.jspecify.annotations.NullMarked;
