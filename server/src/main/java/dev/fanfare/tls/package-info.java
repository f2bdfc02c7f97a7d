/// Certificates and their keys: what stands between files on a disk and a pair that can be served.
///
/// [KeyFiles] says where they are, [Contents] is what was read there, [CredentialReader] makes
/// [Credentials] of it or says exactly what is wrong. [CertificateWatch] looks at the files of a
/// running server again and again. Knows no socket; `transport` speaks TLS with what comes out.
///
/// May import: everything below it. Bouncy Castle, for the two old ways to write a key.
@NullMarked
package dev.fanfare.tls;

import org.jspecify.annotations.NullMarked;
