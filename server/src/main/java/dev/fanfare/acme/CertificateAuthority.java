package dev.fanfare.acme;

import dev.fanfare.protocol.Parsed;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;

/// Issues certificates. Called by the thread `fanfare-acme`; blocks for seconds up to minutes.
interface CertificateAuthority {

  /// What became of an order.
  sealed interface Outcome {}

  /// The certificate of the domains.
  ///
  /// @param chain the server's certificate first
  record Issued(List<X509Certificate> chain) implements Outcome {
    public Issued {
      chain = List.copyOf(chain);
    }
  }

  /// There is no certificate.
  ///
  /// @param reason in the authority's words, where it has said something
  /// @param isAnswered whether the authority has said no, which it counts, or did not answer
  /// @param pause how long it wants to be left alone; zero if it did not say
  record Failed(String reason, boolean isAnswered, Duration pause) implements Outcome {}

  /// Orders a certificate for these domains, and proves that they are ours.
  ///
  /// @param account the key of our account, which is created if the authority does not know it
  /// @param keys of the certificate
  Outcome order(KeyPair account, List<String> domains, KeyPair keys, Answers answers)
      throws InterruptedException;

  /// What the authority looks for while it examines a domain.
  interface Answers {

    /// Answers until [#withdraw].
    ///
    /// @param token names the answer; characters of base64url
    /// @param authorization the answer
    /// @return whether it can be given, and the problem if not
    Parsed<Parsed.Passed> give(String domain, String token, String authorization);

    /// The domain has been examined.
    void withdraw(String token);
  }
}
