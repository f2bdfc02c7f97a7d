/// What a run was asked to do: where to ([Target]), how much ([Load]), and why it may be refused
/// ([Refusal]).
///
/// Everything a user can get wrong is checked here, all of it at once, before a socket is opened.
/// Every load is bounded in count and time, and goes to loopback unless the user says that the
/// server is his.
///
/// May import: the JDK. `LoadBuilder` is generated.
@NullMarked
package dev.fanfare.loadtest.plan;

import org.jspecify.annotations.NullMarked;
