package dev.fanfare.acme;

import dev.fanfare.observe.Component;
import dev.fanfare.protocol.Parsed;
import java.io.IOException;
import org.slf4j.Logger;

/// Answers to challenges over HTTP: files that the [ChallengePort] of every node reads.
record FolderAnswers(AcmeFolder folder) implements CertificateAuthority.Answers {

  private static final Logger log = Component.TLS.logger();

  @Override
  public Parsed<Parsed.Passed> give(String domain, String token, String authorization) {
    try {
      folder.keepAnswer(token, authorization);
      return Parsed.PASSED;
    } catch (IOException e) {
      return new Parsed.Bad<>("cannot write to acme_dir: " + e.getMessage());
    }
  }

  @Override
  public void withdraw(String token) {
    try {
      folder.dropAnswer(token);
    } catch (IOException e) {
      log.debug("an answer to a challenge could not be deleted", e);
    }
  }
}
