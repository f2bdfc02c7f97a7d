/// Certificates and their keys, from files on disk to credentials that a server can use.
///
/// [KeyFiles] names the files, [Contents] is what was read, [CredentialReader] turns it into
/// [Credentials] or reports exactly what is wrong. [CertificateWatch] checks the files of a running
/// server repeatedly. Knows no sockets; `transport` handles TLS.
///
/// May import: everything below it. Bouncy Castle, for the two older key formats.
@NullMarked
package dev.fanfare.tls;

import org.jspecify.annotations.NullMarked;
