/// Who may use the console: [LoginSessions] of browsers, [OneTimeLinks] to begin one, the
/// [ProofFile] by which a program of the server's own user gets such a link.
///
/// May import: the words.
@NullMarked
package dev.fanfare.console.login;

import org.jspecify.annotations.NullMarked;
