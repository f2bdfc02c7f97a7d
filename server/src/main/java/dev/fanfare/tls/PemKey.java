package dev.fanfare.tls;

import dev.fanfare.app.Secret;
import dev.fanfare.protocol.Parsed;
import java.io.IOException;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import javax.crypto.Cipher;
import javax.crypto.EncryptedPrivateKeyInfo;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1Sequence;
import org.bouncycastle.asn1.ASN1TaggedObject;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.DERSequence;
import org.jspecify.annotations.Nullable;

/// Reads the key in a PEM block: PKCS#8, plain or encrypted, and the two older formats whose label
/// names the key type, PKCS#1 and SEC1. The JDK reads only PKCS#8, so the other two are wrapped.
final class PemKey {

  private static final String CONVERT =
      "; `openssl pkcs8 -topk8 -v2 aes-256-cbc` converts it to a supported format";

  private static final String RSA = "1.2.840.113549.1.1.1";
  private static final String EC = "1.2.840.10045.2.1";
  private static final String PBES2 = "1.2.840.113549.1.5.13";

  private PemKey() {}

  /// The key, or the problem of the file, to follow "which".
  static Parsed<PrivateKey> of(Pem.Block block, @Nullable Secret password) {
    if (block.isLocked()) {
      return new Parsed.Bad<>(
          "holds a key that is encrypted in OpenSSL's traditional format" + CONVERT);
    }
    try {
      return switch (block.label()) {
        case "PRIVATE KEY" -> ofPkcs8(block.der());
        case "RSA PRIVATE KEY" -> ofPkcs8(wrapRsa(block.der()));
        case "EC PRIVATE KEY" -> ofPkcs8(wrapEc(block.der()));
        case "ENCRYPTED PRIVATE KEY" -> decrypt(block.der(), password);
        default ->
            new Parsed.Bad<>("holds a " + block.label() + ", a key type that TLS does not use");
      };
    } catch (IOException | RuntimeException e) {
      // ASN.1 readers throw all kinds of exceptions on malformed input.
      return new Parsed.Bad<>("holds a " + block.label() + " that is damaged");
    }
  }

  private static Parsed<PrivateKey> ofPkcs8(byte[] der) {
    String algorithm = algorithm(ASN1Sequence.getInstance(der).getObjectAt(1));
    String factory =
        switch (algorithm) {
          case RSA -> "RSA";
          case "1.2.840.113549.1.1.10" -> "RSASSA-PSS";
          case EC -> "EC";
          case "1.3.101.112", "1.3.101.113" -> "EdDSA";
          default -> "";
        };
    if (factory.isEmpty()) {
      return new Parsed.Bad<>("holds a key type that TLS does not use: " + algorithm);
    }
    try {
      PrivateKey key =
          KeyFactory.getInstance(factory).generatePrivate(new PKCS8EncodedKeySpec(der));
      return new Parsed.Ok<>(key);
    } catch (GeneralSecurityException e) {
      return new Parsed.Bad<>("holds a key that this Java cannot use: " + e.getMessage());
    }
  }

  /// RFC 8017 A.1.2 within RFC 5208 5.
  private static byte[] wrapRsa(byte[] pkcs1) throws IOException {
    return wrap(new ASN1ObjectIdentifier(RSA), DERNull.INSTANCE, pkcs1);
  }

  /// RFC 5915 within RFC 5208 5: the curve moves to the outer structure.
  private static byte[] wrapEc(byte[] sec1) throws IOException {
    for (ASN1Encodable part : ASN1Sequence.getInstance(sec1)) {
      if (part instanceof ASN1TaggedObject tagged && tagged.hasContextTag(0)) {
        return wrap(new ASN1ObjectIdentifier(EC), tagged.getExplicitBaseObject(), sec1);
      }
    }
    throw new IOException("the key does not name its curve");
  }

  private static byte[] wrap(ASN1ObjectIdentifier kind, ASN1Encodable parameters, byte[] key)
      throws IOException {
    DERSequence algorithm = new DERSequence(new ASN1Encodable[] {kind, parameters});
    ASN1Encodable[] parts = {new ASN1Integer(0), algorithm, new DEROctetString(key)};
    return new DERSequence(parts).getEncoded();
  }

  /// The OID in an AlgorithmIdentifier (RFC 5280 4.1.1.2).
  private static String algorithm(ASN1Encodable identifier) {
    ASN1Encodable first = ASN1Sequence.getInstance(identifier).getObjectAt(0);
    return ASN1ObjectIdentifier.getInstance(first).getId();
  }

  private static Parsed<PrivateKey> decrypt(byte[] der, @Nullable Secret password)
      throws IOException {
    String oid = algorithm(ASN1Sequence.getInstance(der).getObjectAt(0));
    if (password == null) {
      return new Parsed.Bad<>(
          "is encrypted, and neither tls_password nor tls_password_file is set");
    }
    EncryptedPrivateKeyInfo locked;
    try {
      locked = new EncryptedPrivateKeyInfo(der);
    } catch (IOException e) {
      return unknownScheme(oid);
    }
    AlgorithmParameters parameters = locked.getAlgParameters();
    // For PBES2 only the parameters have the scheme's name, and only as text.
    String scheme =
        parameters != null && oid.equals(PBES2) ? parameters.toString() : locked.getAlgName();
    PBEKeySpec typed = new PBEKeySpec(password.reveal().toCharArray());
    try {
      Cipher cipher = Cipher.getInstance(scheme);
      cipher.init(
          Cipher.DECRYPT_MODE,
          SecretKeyFactory.getInstance(scheme).generateSecret(typed),
          parameters);
      return ofPkcs8(locked.getKeySpec(cipher).getEncoded());
    } catch (NoSuchAlgorithmException e) {
      return unknownScheme(scheme);
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      return new Parsed.Bad<>("is encrypted, and tls_password is wrong");
    } finally {
      typed.clearPassword();
    }
  }

  private static Parsed<PrivateKey> unknownScheme(String scheme) {
    return new Parsed.Bad<>(
        "is encrypted with a scheme that this Java does not support (" + scheme + ")" + CONVERT);
  }
}
