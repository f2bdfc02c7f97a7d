package dev.fanfare.tls;

import java.security.PrivateKey;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A key and what proves whose it is.
///
/// @param chain first the server's own certificate, then each that vouches for the one before
public record Credentials(PrivateKey key, List<X509Certificate> chain) {

  private static final int DNS_NAME = 2;
  private static final Duration SOON = Duration.ofDays(30);

  public Credentials {
    chain = List.copyOf(chain);
  }

  private X509Certificate own() {
    return chain.getFirst();
  }

  /// When the server's own certificate is no longer valid.
  public Instant expiry() {
    return own().getNotAfter().toInstant();
  }

  /// A warning if it is time to renew, else null. That is when neither 30 days nor a third of its
  /// life are left: short-lived ones are renewed late, and shall not be complained of always.
  public @Nullable String expiryWarning(Instant now) {
    Duration left = Duration.between(now, expiry());
    Duration life = Duration.between(own().getNotBefore().toInstant(), expiry());
    if (left.isNegative()) {
      return "expired on " + expiry() + "; clients refuse it";
    }
    boolean isSoon = left.compareTo(SOON) < 0 && left.compareTo(life.dividedBy(3)) < 0;
    return isSoon ? "expires on " + expiry() + ", in " + left.toDays() + " days" : null;
  }

  /// A name that clients can use: `localhost` if the certificate has it, else the first that is no
  /// pattern; empty if there is none.
  public String hostName() {
    List<String> names = dnsNames().stream().filter(name -> !name.startsWith("*")).toList();
    if (names.contains("localhost")) {
      return "localhost";
    }
    return names.isEmpty() ? "" : names.getFirst();
  }

  /// Whose certificate it is, for a person.
  public String subject() {
    List<String> names = dnsNames();
    return names.isEmpty() ? own().getSubjectX500Principal().getName() : String.join(", ", names);
  }

  private List<String> dnsNames() {
    List<String> names = new ArrayList<>();
    try {
      Collection<List<?>> all = own().getSubjectAlternativeNames();
      for (List<?> name : all == null ? List.<List<?>>of() : all) {
        if (name.getFirst() instanceof Integer kind && kind == DNS_NAME) {
          names.add(String.valueOf(name.getLast()));
        }
      }
    } catch (CertificateParsingException e) {
      return List.of(); // then clients find no name in it either
    }
    return names;
  }

  /// Holds a key.
  @Override
  public String toString() {
    return "Credentials of " + subject();
  }
}
