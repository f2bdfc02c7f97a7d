package dev.fanfare.tls;

import dev.fanfare.protocol.Parsed;
import dev.fanfare.tls.Loaded.Fault;
import dev.fanfare.tls.Loaded.Part;
import java.io.ByteArrayInputStream;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Reads a key and its certificates from file contents, or reports every problem. Used for one
/// reading.
final class CredentialReader {

  private final KeyFiles files;
  private final List<Fault> faults = new ArrayList<>();

  private CredentialReader(KeyFiles files) {
    this.files = files;
  }

  /// @param now decides whether a certificate is valid
  static Loaded read(KeyFiles files, Contents contents, Instant now) {
    CredentialReader reader = new CredentialReader(files);
    Credentials found = reader.find(contents);
    if (found == null) {
      return new Loaded.Bad(List.copyOf(reader.faults));
    }
    return reader.check(found, now);
  }

  private @Nullable Credentials find(Contents contents) {
    String certificate = take(Part.CERTIFICATE, contents.certificate());
    if (certificate != null && !Pem.isPem(certificate)) {
      return ofPkcs12(certificate);
    }
    String key = contents.key() == null ? certificate : take(Part.KEY, contents.key());
    List<X509Certificate> chain = certificate == null ? null : certificates(certificate);
    Part keyPart = contents.key() == null ? Part.CERTIFICATE : Part.KEY;
    PrivateKey opened = key == null ? null : key(keyPart, key);
    return chain == null || opened == null ? null : new Credentials(opened, chain);
  }

  private @Nullable Credentials ofPkcs12(String bytes) {
    Credentials found = take(Part.CERTIFICATE, Pkcs12.of(bytes, files.password()));
    if (found != null && !files.key().isEmpty()) {
      String text = "is set, but " + quoted(files.certificate()) + " is PKCS12 and holds the key";
      faults.add(new Fault(Part.KEY, text));
      return null;
    }
    return found;
  }

  private @Nullable List<X509Certificate> certificates(String text) {
    List<Pem.Block> blocks = take(Part.CERTIFICATE, Pem.blocks(text));
    if (blocks == null) {
      return null;
    }
    List<X509Certificate> certificates = new ArrayList<>();
    for (Pem.Block block : blocks) {
      if (block.isCertificate()) {
        X509Certificate certificate = certificate(block);
        if (certificate == null) {
          return null;
        }
        certificates.add(certificate);
      }
    }
    if (certificates.isEmpty()) {
      complain(Part.CERTIFICATE, "holds no certificate, only: " + labels(blocks));
      return null;
    }
    return certificates;
  }

  private @Nullable X509Certificate certificate(Pem.Block block) {
    try {
      CertificateFactory factory = CertificateFactory.getInstance("X.509");
      return (X509Certificate) factory.generateCertificate(new ByteArrayInputStream(block.der()));
    } catch (CertificateException e) {
      complain(Part.CERTIFICATE, "has a damaged certificate");
      return null;
    }
  }

  private @Nullable PrivateKey key(Part part, String text) {
    if (!Pem.isPem(text)) {
      complain(part, "is not PEM: it holds no line that starts with " + Pem.BEGIN.strip());
      return null;
    }
    List<Pem.Block> blocks = take(part, Pem.blocks(text));
    if (blocks == null) {
      return null;
    }
    List<Pem.Block> keys = blocks.stream().filter(Pem.Block::isKey).toList();
    if (keys.size() == 1) {
      return take(part, PemKey.of(keys.getFirst(), files.password()));
    }
    if (!keys.isEmpty()) {
      complain(part, "holds several keys, but must hold one");
    } else if (files.key().isEmpty()) {
      complain(part, "holds no private key, and tls_key is not set");
    } else {
      complain(part, "holds no private key, only: " + labels(blocks));
    }
    return null;
  }

  private Loaded check(Credentials found, Instant now) {
    Chain chain;
    try {
      chain = Chain.of(found.chain(), found.key());
    } catch (GeneralSecurityException e) {
      complain(Part.KEY, "cannot sign: " + e.getMessage());
      return new Loaded.Bad(List.copyOf(faults));
    }
    if (chain.certificates().isEmpty()) {
      if (files.key().isEmpty()) {
        complain(Part.CERTIFICATE, "has a private key that matches none of its certificates");
      } else {
        complain(Part.KEY, "does not match the certificate in " + quoted(files.certificate()));
      }
      return new Loaded.Bad(List.copyOf(faults));
    }
    X509Certificate own = chain.certificates().getFirst();
    if (own.getNotAfter().toInstant().isBefore(now)) {
      complain(Part.CERTIFICATE, "expired on " + own.getNotAfter().toInstant());
    } else if (own.getNotBefore().toInstant().isAfter(now)) {
      complain(
          Part.CERTIFICATE,
          "is not valid before " + own.getNotBefore().toInstant() + "; it is " + now + " here");
    }
    if (!faults.isEmpty()) {
      return new Loaded.Bad(List.copyOf(faults));
    }
    String path = "is " + quoted(files.certificate()) + ", which ";
    return new Loaded.Good(
        new Credentials(found.key(), chain.certificates()),
        chain.remarks().stream().map(remark -> path + remark).toList());
  }

  private <T> @Nullable T take(Part part, Parsed<T> parsed) {
    return switch (parsed) {
      case Parsed.Ok<T> ok -> ok.value();
      case Parsed.Bad<T> bad -> {
        complain(part, bad.reason());
        yield null;
      }
    };
  }

  private void complain(Part part, String what) {
    String path = part == Part.KEY ? files.key() : files.certificate();
    faults.add(new Fault(part, "is " + quoted(path) + ", which " + what));
  }

  private static String labels(List<Pem.Block> blocks) {
    return blocks.stream().map(Pem.Block::label).collect(Collectors.joining(", "));
  }

  private static String quoted(String path) {
    return '"' + path + '"';
  }
}
