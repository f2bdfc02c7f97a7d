package dev.fanfare.acme;

import dev.fanfare.observe.CertificateOrders;
import dev.fanfare.observe.Component;
import dev.fanfare.observe.NanoClock;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/// The certificate of a server from an authority: ordered and renewed while the server runs. Does
/// nothing unless domains are configured. Started and closed by one thread.
public final class Acme implements AutoCloseable {

  private static final Logger log = Component.TLS.logger();

  /// Between two looks at the folder, as often as `CertificateWatch` looks.
  private static final long LOOK_MS = TimeUnit.SECONDS.toMillis(5);

  private static final long PATIENCE_MS = TimeUnit.SECONDS.toMillis(2);

  private final AcmeOptions options;
  private final InstantSource wall;

  /// Has a permit when the thread is to look at once, as at the beginning.
  private final Semaphore wake = new Semaphore(1);

  private volatile boolean isClosed;

  // Null until the server starts, or without domains.
  private volatile @Nullable Renewal renewal;
  private @Nullable ChallengePort port;
  private @Nullable Thread thread;

  public Acme(AcmeOptions options, InstantSource wall) {
    this.options = options;
    this.wall = wall;
  }

  /// True if certificates are ordered.
  public boolean isOn() {
    return options.isOn();
  }

  /// Starts to order and renew.
  ///
  /// @param host the address to answer challenges on
  /// @param clock for the time that authorities have for a request
  /// @param tls answers challenges over TLS
  /// @throws IOException if the folder cannot be written, or the port cannot be opened
  public void start(String host, NanoClock clock, TlsChallenge tls) throws IOException {
    if (!options.isOn()) {
      return;
    }
    AcmeFolder folder = new AcmeFolder(options.home());
    boolean isHttp = options.challenge() == AcmeOptions.Challenge.HTTP_01;
    if (isHttp) {
      port = ChallengePort.open(host, options.httpPort(), folder, clock);
    }
    Renewal started =
        new Renewal(
            options,
            folder,
            new AcmeAuthority(options),
            isHttp ? new FolderAnswers(folder) : new TlsAnswers(tls, wall),
            wall,
            new SecureRandom()::nextDouble);
    renewal = started;
    thread = Thread.ofPlatform().name("fanfare-acme").daemon().start(() -> run(started));
  }

  private void run(Renewal started) {
    try {
      while (!isClosed) {
        if (wake.tryAcquire(LOOK_MS, TimeUnit.MILLISECONDS)) {
          int _ = wake.drainPermits();
        }
        started.look();
      }
    } catch (InterruptedException e) {
      log.debug("the order of a certificate was interrupted by the shutdown");
    }
  }

  /// Tries again at once if an order has failed. Any thread.
  public void retry() {
    Renewal started = renewal;
    if (started != null) {
      started.retry();
      wake.release();
    }
  }

  /// For operators: what a server without a certificate waits for; empty if it does not wait.
  public String waiting() {
    Renewal started = renewal;
    return started == null ? "" : started.waiting();
  }

  /// How many orders have ended.
  public CertificateOrders orders() {
    Renewal started = renewal;
    return started == null ? new CertificateOrders(0, 0) : started.orders();
  }

  @Override
  public void close() {
    isClosed = true;
    if (thread != null) {
      thread.interrupt();
      try {
        thread.join(PATIENCE_MS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    if (port != null) {
      port.close();
    }
  }
}
