package dev.fanfare.doctor.step;

import dev.fanfare.doctor.report.Outcome;
import dev.fanfare.doctor.wire.Trust;
import dev.fanfare.doctor.wire.Words;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The certificates that a server sent, checked as a client would.
///
/// @param sent in the order received: the server's own first
record CertificateChain(List<X509Certificate> sent) {

  /// A shorter remaining lifetime is a warning: the renewal may have failed.
  private static final Duration SOON = Duration.ofDays(14);

  /// What a client would object to; null if nothing.
  @Nullable Outcome objection(String host, Trust trust, Instant now) {
    Outcome objection = time(now);
    objection = objection == null ? name(host) : objection;
    objection = objection == null ? issuer(trust) : objection;
    return objection == null ? soon(now) : objection;
  }

  X509Certificate leaf() {
    return sent.getFirst();
  }

  private @Nullable Outcome time(Instant now) {
    for (X509Certificate each : sent) {
      Instant end = each.getNotAfter().toInstant();
      Instant start = each.getNotBefore().toInstant();
      String which =
          each.equals(leaf()) ? "the certificate" : "the intermediate certificate of " + cn(each);
      if (now.isAfter(end)) {
        return new Outcome.Failed(
            which + " has expired at " + end,
            "Renew it and reload the proxy, which serves the old one until then.");
      }
      if (now.isBefore(start)) {
        return new Outcome.Failed(
            which + " is not valid before " + start,
            "Check the clocks of this machine and of the one that issued the certificate.");
      }
    }
    return null;
  }

  private @Nullable Outcome name(String host) {
    CertificateNames names = CertificateNames.of(leaf());
    return names.cover(host)
        ? null
        : new Outcome.Failed(
            "the certificate is for " + names + ", not for " + host,
            "Get one for "
                + host
                + ", or use a URL with one of its names. If it belongs to another site, the proxy"
                + " has no server block for this name and uses its first one.");
  }

  private @Nullable Outcome issuer(Trust trust) {
    CertificateException rejection = trust.rejection(sent);
    if (rejection == null) {
      return null;
    }
    X509Certificate last = sent.getLast();
    boolean isSelfSigned = last.getSubjectX500Principal().equals(last.getIssuerX500Principal());
    if (isSelfSigned && sent.size() == 1) {
      return new Outcome.Failed(
          "the certificate is self-signed, and clients do not trust it",
          "Browsers and phones reject it without a message. Get one from a public authority"
              + " (Let's Encrypt is free). To continue anyway: --ca FILE or --insecure.");
    }
    if (!isSelfSigned && !trust.hasIssuerOf(last)) {
      return new Outcome.Failed(
          "the chain ends with a certificate of "
              + cn(last)
              + ", whose issuer was neither sent nor known: an intermediate certificate is missing",
          "Make the proxy send the whole chain: fullchain.pem instead of cert.pem. Browsers often"
              + " work without it, phones and servers do not. If the issuer is your own: --ca"
              + " FILE.");
    }
    return new Outcome.Failed(
        "the certificate is issued by "
            + issuerName(last)
            + ", which is not trusted here: "
            + rejection.getMessage(),
        "If that authority is your own, use --ca FILE, and install it on every client.");
  }

  private @Nullable Outcome soon(Instant now) {
    Instant end = leaf().getNotAfter().toInstant();
    return now.plus(SOON).isBefore(end)
        ? null
        : new Outcome.Warned(
            "the certificate expires at " + end + ", in " + days(now),
            "Check that the renewal works and that it reloads the proxy.");
  }

  /// How long the server's certificate is still valid.
  String days(Instant now) {
    long days = now.until(leaf().getNotAfter().toInstant(), ChronoUnit.DAYS);
    return Words.count(days, "day", "days");
  }

  private static String cn(X509Certificate certificate) {
    return certificate.getSubjectX500Principal().getName();
  }

  private static String issuerName(X509Certificate certificate) {
    return certificate.getIssuerX500Principal().getName();
  }
}
