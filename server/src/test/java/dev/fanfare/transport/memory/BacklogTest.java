package dev.fanfare.transport.memory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.budget.Share;
import org.junit.jupiter.api.Test;

final class BacklogTest {

  private final Share share = new Share("backlog", "backlog_memory_bytes", 1_000);
  private final Backlog backlog = new Backlog(share, new Relief(), Runnable::run);

  /// Events that were accepted are kept even above the limit.
  @Test
  void whatIsKeptAboveTheLimitIsNotCountedAsRefused() {
    backlog.hold(600);
    assertThat(backlog.hasRoom()).isTrue();
    backlog.hold(600);
    assertThat(share.used()).isGreaterThanOrEqualTo(1_200);
    assertThat(backlog.hasRoom()).isFalse();
    assertThat(share.refusals()).isZero();
    backlog.close();
    assertThat(share.used()).isZero();
  }
}
