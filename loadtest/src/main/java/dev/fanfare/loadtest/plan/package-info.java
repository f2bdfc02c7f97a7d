/// The request of a run: the server ([Target]), the load ([Load]), and why it may be refused
/// ([Refusal]).
///
/// Every option is checked here, all at once, before a socket is opened. Every load is limited in
/// count and time, and goes to loopback unless the user declares the server as their own.
///
/// May import: the JDK. `LoadBuilder` is generated.
@NullMarked
package dev.fanfare.loadtest.plan;

import org.jspecify.annotations.NullMarked;
