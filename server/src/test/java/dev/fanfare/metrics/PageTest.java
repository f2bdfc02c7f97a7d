package dev.fanfare.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// Renderings that are requested at the same time.
final class PageTest {

  private static final int CROWD = 10;
  private static final String OPEN_METRICS = "application/openmetrics-text";

  private final AtomicInteger begun = new AtomicInteger();
  private final CountDownLatch firstBegan = new CountDownLatch(1);
  private final CountDownLatch firstMayEnd = new CountDownLatch(1);
  private final Page page = new Page(new PrometheusRegistry(), _ -> true, this::refresh);

  /// The first rendering stays here until the test lets it go on.
  private void refresh() {
    if (begun.incrementAndGet() == 1) {
      firstBegan.countDown();
      try {
        firstMayEnd.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /// They must not share the first one: what it shows may be older than their request.
  @Test
  void requestsThatWaitShareTheNextRendering() throws Exception {
    try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<Page.Text> first = request(clients, null);
      firstBegan.await();
      List<Future<Page.Text>> crowd = new ArrayList<>();
      for (int i = 0; i < CROWD; i++) {
        crowd.add(request(clients, null));
      }
      await().until(() -> page.waiting() == CROWD);
      assertThat(begun).as("renderings at a time").hasValue(1);
      firstMayEnd.countDown();
      Page.Text second = crowd.getFirst().get();
      assertThat(second).isNotSameAs(first.get());
      for (Future<Page.Text> each : crowd) {
        assertThat(each.get()).isSameAs(second);
      }
      assertThat(begun).hasValue(2);
    }
    assertThat(page.write(null).contentType()).startsWith("text/plain");
    assertThat(begun).as("nothing is kept for later requests").hasValue(3);
  }

  @Test
  void eachFormatIsRenderedOnce() throws Exception {
    try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<Page.Text> first = request(clients, null);
      firstBegan.await();
      List<Future<Page.Text>> plain = new ArrayList<>();
      List<Future<Page.Text>> open = new ArrayList<>();
      for (int i = 0; i < CROWD; i++) {
        plain.add(request(clients, null));
        open.add(request(clients, OPEN_METRICS));
      }
      await().until(() -> page.waiting() == 2 * CROWD);
      firstMayEnd.countDown();
      for (int i = 0; i < CROWD; i++) {
        assertThat(plain.get(i).get().contentType()).startsWith("text/plain");
        assertThat(open.get(i).get().contentType()).startsWith(OPEN_METRICS);
      }
      assertThat(first.get().contentType()).startsWith("text/plain");
      assertThat(begun).hasValue(3);
    }
  }

  private Future<Page.Text> request(ExecutorService clients, @Nullable String accept) {
    return clients.submit(() -> page.write(accept));
  }
}
