package dev.fanfare.tls;

import dev.fanfare.observe.Component;
import dev.fanfare.observe.NanoClock;
import dev.fanfare.protocol.Parsed;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/// Replaces the certificate of a running server when its files change. Existing connections stay;
/// invalid files are rejected and the old certificate stays in use. Called by housekeeping, and for
/// an immediate check; any thread.
///
/// Files are compared by content, so it does not matter how they are replaced. Two files are
/// written one after the other: a pair that does not match is logged only if it still does not at
/// the next check.
public final class CertificateWatch {

  /// Applies a certificate and its key to new handshakes.
  @FunctionalInterface
  public interface User {

    /// Any thread.
    ///
    /// @throws IOException with the reason if TLS cannot use them
    void use(Credentials credentials) throws IOException;
  }

  private static final Logger log = Component.TLS.logger();
  private static final long LOOK_NS = TimeUnit.SECONDS.toNanos(5);
  private static final long REMIND_NS = TimeUnit.HOURS.toNanos(1);

  private final KeyFiles files;
  private final NanoClock clock;
  private final InstantSource wall;
  private final User user;
  private volatile @Nullable Credentials current;

  // Guarded by this.
  private long lookedAtNs;
  private long remindedAtNs;

  /// Fingerprints of the files at the last check, and when `current` was read.
  private String seen = "";

  private String used = "";

  /// Whether the content of the files is in use.
  private Parsed<Parsed.Passed> check = Parsed.PASSED;

  private boolean isReported;

  private boolean isStarted;

  private CertificateWatch(KeyFiles files, NanoClock clock, InstantSource wall, User user) {
    this.files = files;
    this.clock = clock;
    this.wall = wall;
    this.user = user;
    this.lookedAtNs = clock.nanoTime();
    this.remindedAtNs = lookedAtNs;
  }

  /// Applies the certificate in `files` and watches the files; does nothing if there is none. One
  /// that is ordered by this server may come later.
  ///
  /// @throws IOException with every problem of certificate and key
  public static CertificateWatch start(
      KeyFiles files, NanoClock clock, InstantSource wall, User user) throws IOException {
    CertificateWatch watch = new CertificateWatch(files, clock, wall, user);
    if (!files.areNone()
        && watch.first() instanceof Parsed.Bad(String problem)
        && !files.isOrdered()) {
      throw new IOException(problem);
    }
    return watch;
  }

  private synchronized Parsed<Parsed.Passed> first() {
    look(files.read());
    isStarted = true;
    return check;
  }

  /// Certificate and key in use; null if there are none.
  public @Nullable Credentials current() {
    return current;
  }

  /// When the certificate in use expires; null if there is none.
  public @Nullable Instant expiry() {
    Credentials credentials = current;
    return credentials == null ? null : credentials.expiry();
  }

  /// The same in seconds since the epoch, for metrics; NaN if there is none.
  public double expirySeconds() {
    Instant expiry = expiry();
    return expiry == null ? Double.NaN : expiry.getEpochSecond();
  }

  /// Checks the files every five seconds, however often it is called. Blocks on the disk.
  public synchronized void sweep() {
    long nowNs = clock.nanoTime();
    if (files.areNone() || nowNs - lookedAtNs < LOOK_NS) {
      return;
    }
    lookedAtNs = nowNs;
    boolean isTime = nowNs - remindedAtNs >= REMIND_NS;
    Contents contents = files.read();
    if (isTime || !contents.fingerprint().equals(seen)) {
      look(contents);
    } else if (!isReported && check instanceof Parsed.Bad(String problem)) {
      report(problem);
    }
    if (isTime) {
      remindedAtNs = nowNs;
      remind();
    }
  }

  /// Checks the files now, logs the result and returns the same sentence.
  public synchronized String reload() {
    if (files.areNone()) {
      return logged("there is no certificate to reload: tls_certificate is not set");
    }
    String before = used;
    look(files.read());
    if (check instanceof Parsed.Bad(String problem)) {
      return report(problem);
    }
    return before.equals(used) ? logged("the certificate files have not changed") : inUse();
  }

  private void look(Contents contents) {
    seen = contents.fingerprint();
    isReported = false;
    check = Parsed.PASSED;
    if (!seen.equals(used)) {
      switch (CredentialReader.read(files, contents, wall.instant())) {
        case Loaded.Bad bad -> check = new Parsed.Bad<>(bad.text());
        case Loaded.Good good -> use(good.credentials(), good.remarks());
      }
    }
  }

  /// Remarks about the first certificate were logged when the configuration was checked.
  private void use(Credentials credentials, List<String> remarks) {
    try {
      user.use(credentials);
    } catch (IOException e) {
      check =
          new Parsed.Bad<>(
              "tls_certificate is \"" + files.certificate() + "\", but " + e.getMessage());
      return;
    }
    current = credentials;
    used = seen;
    if (isStarted) {
      log.info("{}", inUse());
      remarks.forEach(remark -> log.warn("tls_certificate {}", remark));
    }
  }

  private String inUse() {
    return "new connections get the certificate of "
        + (current == null ? "none" : current.subject() + ", valid until " + current.expiry());
  }

  private String report(String problem) {
    isReported = true;
    if (files.isOrdered() && current == null) {
      return "there is no certificate yet"; // the order reports why
    }
    String text = "certificate not replaced, keeping the current one: " + problem;
    log.warn("{}", text);
    return text;
  }

  private void remind() {
    if (!isReported && check instanceof Parsed.Bad(String problem)) {
      report(problem);
    }
    if (current != null
        && current.checkExpiry(wall.instant()) instanceof Parsed.Bad(String warning)) {
      log.warn("the certificate in {} {}", files.certificate(), warning);
    }
  }

  private static String logged(String text) {
    log.info("{}", text);
    return text;
  }
}
