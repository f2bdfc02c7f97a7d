/// Who may use the console: [Logins] checks passwords and [OneTimeLinks] and begins
/// [LoginSessions]; the [ProofFile] is how a program of the server's own user gets such a link;
/// [Audit] writes down who did what.
///
/// May import: the words.
@NullMarked
package dev.fanfare.console.login;

import org.jspecify.annotations.NullMarked;
