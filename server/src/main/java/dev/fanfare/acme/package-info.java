/// Certificates from an authority that speaks ACME (RFC 8555), such as Let's Encrypt.
///
/// [Renewal] decides when a certificate is ordered, [CertificateAuthority] orders it, [AcmeFolder]
/// keeps account, certificate and the time of the next try. A new certificate is a file there,
/// which `CertificateWatch` picks up like any other. [ChallengePort] answers the authority's
/// questions over HTTP.
///
/// May import: `dev.fanfare.tls`, and what is below. acme4j, whose classes are loaded for the first
/// order, and the JDK's HTTP client, which acme4j uses.
@NullMarked
package dev.fanfare.acme;

import org.jspecify.annotations.NullMarked;
