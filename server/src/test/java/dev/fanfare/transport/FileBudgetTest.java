package dev.fanfare.transport;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.protocol.Parsed;
import dev.fanfare.testing.Reason;
import io.netty.channel.Channel;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// How the open files of the process are shared out.
final class FileBudgetTest {

  private final Ledger ledger = new Ledger();

  /// The operating system's count, set by the test.
  private static final class Ledger implements OpenFiles {
    private int open = 36;
    private int limit = 256;

    @Override
    public int open() {
      return open;
    }

    @Override
    public int limit() {
      return limit;
    }
  }

  private List<Channel> accept(FileBudget budget, int count) {
    List<Channel> sockets = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Channel socket = new EmbeddedChannel();
      budget.accept(socket);
      ledger.open++;
      sockets.add(socket);
    }
    return sockets;
  }

  @Test
  void webSocketsLeave64FilesAndAcceptedSockets32() {
    FileBudget budget = new FileBudget(ledger, () -> 4, 0);
    assertThat(budget.checkLimit()).isEqualTo(Parsed.PASSED);
    assertThat(budget.room()).isEqualTo(256 - 40 - 32);
    List<Channel> sockets = accept(budget, 256 - 40 - 64);
    sockets.forEach(socket -> assertThat(budget.upgrade(socket)).isEqualTo(Parsed.PASSED));
    assertThat(budget.room()).isEqualTo(32);
    assertThat(budget.isTight()).isFalse();

    Channel above = accept(budget, 1).getFirst();
    assertThat(Reason.of(budget.upgrade(above)))
        .isEqualTo(
            "The server has reached its open-file limit: 152 connections, 40 other files,"
                + " 64 of 256 kept free (nofile)")
        .isEqualTo(Reason.of(budget.check()));
    var _ = sockets.getFirst().close();
    assertThat(budget.check()).isEqualTo(Parsed.PASSED);
    assertThat(budget.upgrade(above)).isEqualTo(Parsed.PASSED);
    accept(budget, 17);
    assertThat(budget.room()).isEqualTo(15);
    assertThat(budget.isTight()).isTrue();
  }

  @Test
  void otherFilesCountOnceTheyWereSeenTwice() {
    FileBudget budget = new FileBudget(ledger, () -> 4, 0);
    ledger.open += 30;
    assertThat(budget.measure()).as("to be confirmed").isTrue();
    assertThat(budget.room()).isEqualTo(256 - 40 - 32);
    assertThat(budget.measure()).isFalse();
    assertThat(budget.room()).isEqualTo(256 - 66 - 32);
    ledger.open -= 50;
    assertThat(budget.measure()).isFalse();
    assertThat(budget.room()).as("what the server itself needs").isEqualTo(256 - 40 - 32);
  }

  @Test
  void aLowLimitIsHalved() {
    ledger.limit = 100;
    FileBudget budget = new FileBudget(ledger, () -> 0, 0);
    assertThat(budget.room()).isEqualTo(64 - 16);
    assertThat(Reason.of(budget.checkLimit()))
        .isEqualTo(
            "the open-file limit (nofile) is only 100, and the server itself uses 36: at most 32"
                + " connections");
    ledger.limit = 36;
    FileBudget none = new FileBudget(ledger, () -> 0, 0);
    assertThat(Reason.of(none.upgrade(new EmbeddedChannel()))).startsWith("The server has reached");
  }

  @Test
  void aLimitOfSocketsLeavesSomeOfThemForHttp() {
    FileBudget budget = new FileBudget(ledger, () -> 0, 8);
    assertThat(budget.room()).isEqualTo(8);
    List<Channel> sockets = accept(budget, 7);
    sockets
        .subList(0, 6)
        .forEach(socket -> assertThat(budget.upgrade(socket)).isEqualTo(Parsed.PASSED));
    assertThat(Reason.of(budget.upgrade(sockets.getLast())))
        .isEqualTo(
            "The server has 6 connections, the limit is 8 sockets, 2 of them for HTTP"
                + " (max_sockets)")
        .isEqualTo(Reason.of(budget.check()));
    accept(budget, 1);
    assertThat(budget.room()).isZero();
    var _ = sockets.getFirst().close();
    assertThat(budget.room()).isEqualTo(1);
    assertThat(budget.check()).isEqualTo(Parsed.PASSED);
  }

  @Test
  void aLimitOfSocketsAboveTheFilesChangesNothing() {
    FileBudget budget = new FileBudget(ledger, () -> 4, 1_000);
    assertThat(budget.room()).isEqualTo(256 - 40 - 32);
    accept(budget, 256 - 40 - 64)
        .forEach(socket -> assertThat(budget.upgrade(socket)).isEqualTo(Parsed.PASSED));
    assertThat(Reason.of(budget.check())).contains("(nofile)");
  }

  @Test
  void withoutALimitNothingIsRefused() {
    FileBudget budget = new FileBudget(new OpenFiles.Unlimited(), () -> 0, 0);
    assertThat(budget.upgrade(new EmbeddedChannel())).isEqualTo(Parsed.PASSED);
    assertThat(budget.isTight()).isFalse();
  }
}
