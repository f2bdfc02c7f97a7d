/// Requests to the console and their answers, without sockets: which routes there are, and who may
/// use them.
///
/// May import: the words, `console.login`.
@NullMarked
package dev.fanfare.console.route;

import org.jspecify.annotations.NullMarked;
