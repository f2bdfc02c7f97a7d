/// What users of the console change: published events, ended connections. Each change is a line of
/// the audit log. Carried out by the code that carries out the same request of an app's server.
///
/// May import: the words, `http`, `session`, `console.login`, `console.route`, `console.row`.
@NullMarked
package dev.fanfare.console.act;

import org.jspecify.annotations.NullMarked;
