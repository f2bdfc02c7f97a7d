package dev.fanfare.tls;

import dev.fanfare.protocol.Parsed;
import java.security.PrivateKey;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/// A private key and its certificate chain.
///
/// @param chain the server's certificate, then the issuer of each one before
public record Credentials(PrivateKey key, List<X509Certificate> chain) {

  private static final int DNS_NAME = 2;
  private static final Duration SOON = Duration.ofDays(30);

  public Credentials {
    chain = List.copyOf(chain);
  }

  private X509Certificate own() {
    return chain.getFirst();
  }

  /// When the server's certificate expires.
  public Instant expiry() {
    return own().getNotAfter().toInstant();
  }

  /// From when on the server's certificate is valid.
  public Instant start() {
    return own().getNotBefore().toInstant();
  }

  /// Fails if it is time to renew: when less than 30 days and less than a third of the lifetime are
  /// left. Short-lived certificates are renewed late and must not warn all the time.
  public Parsed<Parsed.Passed> checkExpiry(Instant now) {
    Duration left = Duration.between(now, expiry());
    Duration life = Duration.between(own().getNotBefore().toInstant(), expiry());
    if (left.isNegative()) {
      return new Parsed.Bad<>("expired on " + expiry() + "; clients refuse it");
    }
    boolean isSoon = left.compareTo(SOON) < 0 && left.compareTo(life.dividedBy(3)) < 0;
    return isSoon
        ? new Parsed.Bad<>("expires on " + expiry() + ", in " + left.toDays() + " days")
        : Parsed.PASSED;
  }

  /// A host name for clients: `localhost` if the certificate has it, else the first that is not a
  /// wildcard; empty if there is none.
  public String hostName() {
    List<String> names = dnsNames().stream().filter(name -> !name.startsWith("*")).toList();
    if (names.contains("localhost")) {
      return "localhost";
    }
    return names.isEmpty() ? "" : names.getFirst();
  }

  /// The certificate's names, for display.
  public String subject() {
    List<String> names = dnsNames();
    return names.isEmpty() ? own().getSubjectX500Principal().getName() : String.join(", ", names);
  }

  /// The host names in the server's certificate.
  public List<String> dnsNames() {
    List<String> names = new ArrayList<>();
    try {
      Collection<List<?>> all = own().getSubjectAlternativeNames();
      for (List<?> name : all == null ? List.<List<?>>of() : all) {
        if (name.getFirst() instanceof Integer kind && kind == DNS_NAME) {
          names.add(String.valueOf(name.getLast()));
        }
      }
    } catch (CertificateParsingException e) {
      return List.of(); // clients find no name in it either
    }
    return names;
  }

  /// Without the key.
  @Override
  public String toString() {
    return "Credentials of " + subject();
  }
}
