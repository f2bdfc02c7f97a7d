package dev.fanfare.tls;

import dev.fanfare.observe.Component;
import dev.fanfare.observe.NanoClock;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/// Has the certificate of a running server replaced as soon as its files are. What is connected
/// stays; what is broken is not taken, and the old one stays in use. Called by housekeeping and by
/// whoever wants it looked at at once; any thread.
///
/// Files are compared by what they hold, so it does not matter how they are replaced. Those who
/// write two files write one of them first: a pair that does not fit is worth a line only if it
/// still does not at the next look.
public final class CertificateWatch {

  /// Takes a pair into use for all further handshakes.
  @FunctionalInterface
  public interface User {

    /// Any thread.
    ///
    /// @throws IOException with the reason if TLS cannot work with it
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

  /// What the files held when they were looked at last, and when `current` was made of them.
  private String seen = "";

  private String used = "";

  /// Why what the files hold is not in use; empty if it is.
  private String problem = "";

  private boolean isTold;

  private CertificateWatch(KeyFiles files, NanoClock clock, InstantSource wall, User user) {
    this.files = files;
    this.clock = clock;
    this.wall = wall;
    this.user = user;
    this.lookedAtNs = clock.nanoTime();
    this.remindedAtNs = lookedAtNs;
  }

  /// Has the pair in `files` used, and looks after it from now on; does nothing if there is none.
  ///
  /// @throws IOException with everything that is wrong with the pair
  public static CertificateWatch start(
      KeyFiles files, NanoClock clock, InstantSource wall, User user) throws IOException {
    CertificateWatch watch = new CertificateWatch(files, clock, wall, user);
    if (!files.areNone()) {
      String problem = watch.first();
      if (!problem.isEmpty()) {
        throw new IOException(problem);
      }
    }
    return watch;
  }

  private synchronized String first() {
    look(files.read());
    return problem;
  }

  /// The pair in use; null if there is none.
  public @Nullable Credentials current() {
    return current;
  }

  /// When the certificate in use is no longer valid; null if there is none.
  public @Nullable Instant expiry() {
    Credentials credentials = current;
    return credentials == null ? null : credentials.expiry();
  }

  /// The same in seconds since the epoch, for a graph; not a number if there is none.
  public double expirySeconds() {
    Instant expiry = expiry();
    return expiry == null ? Double.NaN : expiry.getEpochSecond();
  }

  /// Looks at the files every five seconds, however often it is called. Blocks for as long as a
  /// disk does.
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
    } else if (!problem.isEmpty() && !isTold) {
      tell();
    }
    if (isTime) {
      remindedAtNs = nowNs;
      remind();
    }
  }

  /// Looks at the files at once, logs what came of it, and returns the same sentence.
  public synchronized String reload() {
    if (files.areNone()) {
      return logged("there is no certificate to load anew: tls_certificate is not set");
    }
    String before = used;
    look(files.read());
    if (!problem.isEmpty()) {
      return tell();
    }
    return before.equals(used) ? logged("the files of the certificate have not changed") : inUse();
  }

  private void look(Contents contents) {
    seen = contents.fingerprint();
    isTold = false;
    problem = "";
    if (!seen.equals(used)) {
      switch (CredentialReader.read(files, contents, wall.instant())) {
        case Loaded.Bad bad -> problem = bad.text();
        case Loaded.Good good -> use(good.credentials(), good.remarks());
      }
    }
  }

  /// What is remarked about the first pair was said when the configuration was checked.
  private void use(Credentials credentials, List<String> remarks) {
    try {
      user.use(credentials);
    } catch (IOException e) {
      problem = "tls_certificate is \"" + files.certificate() + "\", but " + e.getMessage();
      return;
    }
    boolean isFirst = current == null;
    current = credentials;
    used = seen;
    if (!isFirst) {
      log.info("{}", inUse());
      remarks.forEach(remark -> log.warn("tls_certificate {}", remark));
    }
  }

  private String inUse() {
    return "new connections get the certificate of "
        + (current == null ? "nobody" : current.subject() + ", valid until " + current.expiry());
  }

  private String tell() {
    isTold = true;
    String text = "the certificate was not replaced, the one before stays in use: " + problem;
    log.warn("{}", text);
    return text;
  }

  private void remind() {
    if (!problem.isEmpty() && !isTold) {
      tell();
    }
    String warning = current == null ? null : current.expiryWarning(wall.instant());
    if (warning != null) {
      log.warn("the certificate in {} {}", files.certificate(), warning);
    }
  }

  private static String logged(String text) {
    log.info("{}", text);
    return text;
  }
}
