package dev.fanfare.acme;

import dev.fanfare.observe.Component;
import dev.fanfare.protocol.Parsed;
import dev.fanfare.tls.ChallengeCertificate;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.time.InstantSource;
import org.slf4j.Logger;

/// Answers to challenges over TLS, one domain at a time.
record TlsAnswers(TlsChallenge tls, InstantSource wall) implements CertificateAuthority.Answers {

  private static final Logger log = Component.TLS.logger();

  @Override
  public Parsed<Parsed.Passed> give(String domain, String token, String authorization) {
    try {
      tls.present(ChallengeCertificate.of(domain, authorization, wall.instant()));
      return Parsed.PASSED;
    } catch (IOException | GeneralSecurityException e) {
      return new Parsed.Bad<>("cannot answer over TLS: " + e.getMessage());
    }
  }

  @Override
  public void withdraw(String token) {
    try {
      tls.present(null);
    } catch (IOException e) {
      log.debug("an answer to a challenge could not be removed", e);
    }
  }
}
