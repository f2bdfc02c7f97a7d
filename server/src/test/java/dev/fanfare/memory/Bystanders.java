package dev.fanfare.memory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.app.App;
import dev.fanfare.testing.RawHttp;
import dev.fanfare.testing.RawSocket;
import dev.fanfare.testing.ServerProcess;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/// A publisher, a subscriber and a pinger that go on, one after the other, while others attack.
/// They fail on the first event that is lost or out of order.
final class Bystanders implements AutoCloseable {

  private static final int FEWEST_ROUNDS = 5;
  private static final String CHANNEL = "bystanders";

  private final App app;
  private final RawSocket subscriber;
  private final RawHttp publisher;
  private final List<Long> roundsNs = Collections.synchronizedList(new ArrayList<>());
  private final AtomicInteger failures = new AtomicInteger();
  private final Thread thread;
  private volatile boolean isOver;
  private volatile String failure = "";

  Bystanders(int port, App app) throws IOException {
    this.app = app;
    this.subscriber = ServerProcess.connect(port, app.key());
    subscriber.subscribe(CHANNEL);
    subscriber.nextTextContaining("subscription_succeeded");
    this.publisher = new RawHttp(port);
    this.thread = Thread.ofPlatform().name("bystanders").start(this::run);
  }

  private void run() {
    for (int number = 0; !isOver; number++) {
      try {
        long startNs = System.nanoTime();
        round(number);
        roundsNs.add(System.nanoTime() - startNs);
        TimeUnit.MILLISECONDS.sleep(5);
      } catch (IOException | InterruptedException | AssertionError e) {
        failure = "round " + number + ": " + e;
        failures.incrementAndGet();
        return;
      }
    }
  }

  private void round(int number) throws IOException {
    String body = "{\"name\":\"e\",\"channel\":\"" + CHANNEL + "\",\"data\":\"" + number + "\"}";
    publisher.send(RawHttp.signed(app, "POST", "/events", body));
    RawHttp.Answer answer = publisher.next();
    if (answer.status() == 503 && answer.body().contains("a lane is")) {
      return; // refused, not lost: this machine is too busy
    }
    assertThat(answer.line()).isEqualTo("200 {}");
    assertThat(subscriber.nextText()).contains("\"data\":\"" + number + "\"");
    subscriber.sendText("{\"event\":\"pusher:ping\",\"data\":{}}");
    assertThat(subscriber.nextText()).contains("pusher:pong");
  }

  /// Ends the rounds after some at least; fails if one has failed.
  ///
  /// @return how long the rounds took, for a report
  String finish() throws InterruptedException {
    while (thread.isAlive() && roundsNs.size() < FEWEST_ROUNDS) {
      TimeUnit.MILLISECONDS.sleep(5);
    }
    isOver = true;
    thread.join();
    assertThat(failures.get()).as(failure).isZero();
    List<Long> sorted = roundsNs.stream().sorted().toList();
    return String.format(
        Locale.ROOT,
        "%d rounds, p50 %.1f ms, p99 %.1f ms, max %.1f ms",
        sorted.size(),
        millis(sorted, 0.5),
        millis(sorted, 0.99),
        millis(sorted, 1));
  }

  private static double millis(List<Long> sorted, double quantile) {
    int index = Math.min(sorted.size() - 1, (int) (sorted.size() * quantile));
    return sorted.get(index) / 1e6;
  }

  @Override
  public void close() throws IOException {
    isOver = true;
    subscriber.close();
    publisher.close();
  }
}
