package dev.fanfare.acme;

import dev.fanfare.observe.CertificateOrders;
import dev.fanfare.observe.Component;
import dev.fanfare.observe.HeapExhaustion;
import dev.fanfare.tls.Credentials;
import dev.fanfare.tls.Loaded;
import dev.fanfare.tls.PemText;
import dev.fanfare.tls.SigningRequest;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.HashSet;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/// Orders a certificate when there is none for all domains, or when it is time to renew: at the
/// last third of its lifetime, or as many days before expiry as configured. [#look] is called by
/// the thread `fanfare-acme` only; the rest by any.
///
/// All times are those of the folder: another process, or another node that shares it, continues
/// where this one has stopped.
final class Renewal {

  private static final Logger log = Component.TLS.logger();

  /// Renewals come earlier by up to this part of the remaining time, so that servers that began
  /// together do not renew together.
  private static final double JITTER = 0.1;

  private final AcmeOptions options;
  private final AcmeFolder folder;
  private final CertificateAuthority authority;
  private final CertificateAuthority.Answers answers;
  private final InstantSource wall;
  private final DoubleSupplier random;

  private final double jitter;
  private final LongAdder issued = new LongAdder();
  private final LongAdder failed = new LongAdder();

  /// What a folder that cannot be written would forget.
  private PastOrders last = PastOrders.NONE;

  private boolean isForeignTurnLogged;
  private volatile boolean isUrgent;
  private volatile String waiting = "There is no certificate yet; one will be ordered";

  /// @param random from 0 to 1
  Renewal(
      AcmeOptions options,
      AcmeFolder folder,
      CertificateAuthority authority,
      CertificateAuthority.Answers answers,
      InstantSource wall,
      DoubleSupplier random) {
    this.options = options;
    this.folder = folder;
    this.authority = authority;
    this.answers = answers;
    this.wall = wall;
    this.random = random;
    this.jitter = JITTER * random.getAsDouble();
  }

  /// How many orders of this process have ended.
  CertificateOrders orders() {
    return new CertificateOrders(issued.sum(), failed.sum());
  }

  /// For operators: what a server without a certificate waits for.
  String waiting() {
    return waiting;
  }

  /// The next [#look] does not wait until a pause after failures is over.
  void retry() {
    isUrgent = true;
  }

  /// Orders a certificate if it is time to. Blocks on the disk, and for up to minutes on the
  /// authority.
  void look() throws InterruptedException {
    try {
      Instant now = wall.instant();
      boolean isNow = isUrgent;
      isUrgent = false;
      if (!isDue(now, isNow)) {
        return;
      }
      try (AcmeFolder.Turn turn = folder.turn(String.valueOf(ProcessHandle.current().pid()), now)) {
        if (turn == null) {
          yieldTurn();
        } else if (isDue(now, isNow)) { // another node may have been faster
          isForeignTurnLogged = false;
          order(now);
        }
      }
    } catch (IOException | GeneralSecurityException e) {
      fail(new CertificateAuthority.Failed(String.valueOf(e.getMessage()), false, Duration.ZERO));
    } catch (RuntimeException | Error e) {
      HeapExhaustion.exitIf(e);
      fail(new CertificateAuthority.Failed(e.toString(), false, Duration.ZERO));
      log.debug("the order of a certificate failed", e);
    }
  }

  private void yieldTurn() {
    waiting = "There is no certificate yet; another process that shares acme_dir orders one";
    if (!isForeignTurnLogged) {
      isForeignTurnLogged = true;
      log.info("another process that shares acme_dir orders the certificate");
    }
  }

  private boolean isDue(Instant now, boolean isUrgentNow) {
    Credentials current = usable(now);
    boolean isCovered = current != null && isCovered(current);
    if (current != null && isCovered && now.isBefore(renewalTime(current))) {
      return false;
    }
    PastOrders past = pastOrders();
    if (past.failures() > 0 && isUrgentNow) {
      return true;
    }
    // Domains that were added do not wait until the last order is an hour old.
    boolean isFree = past.failures() == 0 && (!isCovered || past.isAhead(now));
    return isFree || !now.isBefore(past.nextAt());
  }

  private PastOrders pastOrders() {
    try {
      PastOrders kept = folder.pastOrders();
      return kept.nextAt().isBefore(last.nextAt()) ? last : kept;
    } catch (IOException e) {
      return last;
    }
  }

  private @Nullable Credentials usable(Instant now) {
    return folder.certificate(now) instanceof Loaded.Good good ? good.credentials() : null;
  }

  private boolean isCovered(Credentials credentials) {
    return new HashSet<>(credentials.dnsNames()).containsAll(options.domains());
  }

  /// When a certificate is to be renewed.
  Instant renewalTime(Credentials credentials) {
    Duration life = Duration.between(credentials.start(), credentials.expiry());
    Duration third = life.dividedBy(3);
    Duration before = options.renewDays() == 0 ? third : Duration.ofDays(options.renewDays());
    // More days than it is valid would renew it at once, again and again.
    Duration least = before.compareTo(life) < 0 ? before : third;
    return credentials.expiry().minus(least).minusMillis((long) (least.toMillis() * jitter));
  }

  private void order(Instant now)
      throws IOException, GeneralSecurityException, InterruptedException {
    String domains = String.join(", ", options.domains());
    log.info("ordering a certificate for {} from {}", domains, options.url());
    waiting = "There is no certificate yet; one for " + domains + " is being ordered";
    KeyPair keys = SigningRequest.newKey();
    switch (authority.order(folder.account(), options.domains(), keys, answers)) {
      case CertificateAuthority.Failed failure -> fail(failure);
      case CertificateAuthority.Issued(var chain) -> {
        Credentials fresh = new Credentials(keys.getPrivate(), chain);
        if (!isCovered(fresh)) {
          fail(
              new CertificateAuthority.Failed(
                  "it issued a certificate for " + fresh.subject() + " instead",
                  true,
                  Duration.ZERO));
          return;
        }
        folder.keep(PemText.of(keys.getPrivate(), chain));
        issued.increment();
        last = PastOrders.succeeded(now);
        folder.keep(last);
        log.info(
            "got a certificate for {}, valid until {}; it will be renewed at {}",
            domains,
            fresh.expiry(),
            renewalTime(fresh).truncatedTo(ChronoUnit.SECONDS));
      }
    }
  }

  private void fail(CertificateAuthority.Failed failure) {
    failed.increment();
    Instant now = wall.instant();
    last = pastOrders().failed(failure, now, random.getAsDouble());
    try {
      folder.keep(last);
    } catch (IOException e) {
      log.debug("cannot write to acme_dir", e); // this process remembers it
    }
    Credentials current = usable(now);
    String kept =
        current == null
            ? "there is no certificate yet"
            : "the certificate in use is valid until " + current.expiry();
    String next = "the next try is at " + last.nextAt() + ", or upon SIGHUP";
    waiting = "There is no certificate yet: " + failure.reason() + "; " + next;
    log.warn(
        "no certificate for {} from {}: {}; {}; {}",
        String.join(", ", options.domains()),
        options.url(),
        failure.reason(),
        kept,
        next);
  }
}
