package dev.fanfare.tls;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.util.List;
import org.bouncycastle.asn1.ASN1Boolean;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1Primitive;
import org.bouncycastle.asn1.DERBitString;
import org.bouncycastle.asn1.DERIA5String;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.DERSet;
import org.bouncycastle.asn1.DERTaggedObject;

/// Asks an authority for a certificate (PKCS#10, RFC 2986), and what requests have in common with
/// certificates: keys on the curve P-256, names, signatures.
public final class SigningRequest {

  private static final String EXTENSION_REQUEST = "1.2.840.113549.1.9.14";
  private static final String ALTERNATIVE_NAMES = "2.5.29.17";
  private static final String ECDSA_WITH_SHA256 = "1.2.840.10045.4.3.2";

  /// The tag of a DNS name among alternative names (RFC 5280 section 4.2.1.6).
  private static final int DNS_NAME = 2;

  private SigningRequest() {}

  /// A new key that all clients can verify. Takes less than a millisecond.
  public static KeyPair newKey() throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"));
    return generator.generateKeyPair();
  }

  /// The DER of a request for these host names, without a subject: authorities ignore it.
  public static byte[] of(KeyPair keys, List<String> domains)
      throws GeneralSecurityException, IOException {
    ASN1Encodable attribute =
        sequence(oid(EXTENSION_REQUEST), new DERSet(sequence(alternativeNames(domains))));
    return signed(
            keys,
            sequence(
                new ASN1Integer(0),
                sequence(),
                ASN1Primitive.fromByteArray(keys.getPublic().getEncoded()),
                new DERTaggedObject(false, 0, new DERSet(attribute))))
        .getEncoded();
  }

  static ASN1Encodable alternativeNames(List<String> domains) throws IOException {
    ASN1Encodable[] names =
        domains.stream()
            .map(name -> new DERTaggedObject(false, DNS_NAME, new DERIA5String(name)))
            .toArray(ASN1Encodable[]::new);
    return extension(ALTERNATIVE_NAMES, false, sequence(names));
  }

  static ASN1Encodable extension(String oid, boolean isCritical, ASN1Encodable value)
      throws IOException {
    DEROctetString octets = new DEROctetString(value);
    return isCritical ? sequence(oid(oid), ASN1Boolean.TRUE, octets) : sequence(oid(oid), octets);
  }

  static ASN1Encodable algorithm() {
    return sequence(oid(ECDSA_WITH_SHA256));
  }

  /// What is signed, how, and the signature.
  static DERSequence signed(KeyPair keys, DERSequence content)
      throws GeneralSecurityException, IOException {
    Signature signature = Signature.getInstance("SHA256withECDSA");
    signature.initSign(keys.getPrivate());
    signature.update(content.getEncoded());
    return sequence(content, algorithm(), new DERBitString(signature.sign()));
  }

  static DERSequence sequence(ASN1Encodable... parts) {
    return new DERSequence(parts);
  }

  static ASN1ObjectIdentifier oid(String dotted) {
    return new ASN1ObjectIdentifier(dotted);
  }
}
