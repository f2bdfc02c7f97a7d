package dev.fanfare.tls;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.MessageDigest;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1Primitive;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.DERSet;
import org.bouncycastle.asn1.DERTaggedObject;
import org.bouncycastle.asn1.DERUTCTime;
import org.bouncycastle.asn1.DERUTF8String;

/// The certificate that answers the challenge `tls-alpn-01` (RFC 8737): self-signed, with the
/// digest of the answer. Nothing but the authority's examination sees it.
public final class ChallengeCertificate {

  private static final String ACME_IDENTIFIER = "1.3.6.1.5.5.7.1.31";
  private static final String COMMON_NAME = "2.5.4.3";
  private static final Duration LIFE = Duration.ofDays(1);

  private ChallengeCertificate() {}

  /// A certificate with a new key.
  ///
  /// @param domain that is examined
  /// @param authorization the answer
  public static Credentials of(String domain, String authorization, Instant now)
      throws GeneralSecurityException, IOException {
    KeyPair keys = SigningRequest.newKey();
    byte[] digest =
        MessageDigest.getInstance("SHA-256")
            .digest(authorization.getBytes(StandardCharsets.US_ASCII));
    DERSequence extensions =
        SigningRequest.sequence(
            SigningRequest.alternativeNames(List.of(domain)),
            SigningRequest.extension(ACME_IDENTIFIER, true, new DEROctetString(digest)));
    ASN1Encodable name =
        SigningRequest.sequence(
            new DERSet(
                SigningRequest.sequence(
                    SigningRequest.oid(COMMON_NAME), new DERUTF8String("ACME challenge"))));
    DERSequence content =
        SigningRequest.sequence(
            new DERTaggedObject(true, 0, new ASN1Integer(2)), // version 3
            new ASN1Integer(1),
            SigningRequest.algorithm(),
            name,
            SigningRequest.sequence(time(now.minus(LIFE)), time(now.plus(LIFE))),
            name,
            ASN1Primitive.fromByteArray(keys.getPublic().getEncoded()),
            new DERTaggedObject(true, 3, extensions));
    byte[] der = SigningRequest.signed(keys, content).getEncoded();
    X509Certificate certificate =
        (X509Certificate)
            CertificateFactory.getInstance("X.509")
                .generateCertificate(new ByteArrayInputStream(der));
    return new Credentials(keys.getPrivate(), List.of(certificate));
  }

  private static DERUTCTime time(Instant instant) {
    return new DERUTCTime(Date.from(instant));
  }
}
