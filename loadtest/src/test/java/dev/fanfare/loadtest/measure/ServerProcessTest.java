package dev.fanfare.loadtest.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fanfare.loadtest.plan.Refusal;
import org.junit.jupiter.api.Test;

final class ServerProcessTest {

  @Test
  void cpuTimeIsReadAfterAnyName() {
    String stat =
        "42 (a) b (c) S 1 42 42 0 -1 4194560 1 0 0 0 123 45 0 0 20 0 9 0 100 1000 200 18446744";
    assertThat(ServerProcess.parseStat(stat)).isEqualTo(new CpuTime(1.23, 0.45));
  }

  @Test
  void startIsTheTwentySecondField() {
    String stat =
        "42 (a) b (c) S 1 42 42 0 -1 4194560 1 0 0 0 123 45 0 0 20 0 9 0 100 1000 200 18446744";
    assertThat(ServerProcess.parseStartTicks(stat)).isEqualTo(100);
    assertThat(ServerProcess.parseStartTicks("")).isZero();
  }

  @Test
  void fileLimitIsTheSoftOne() {
    String limits =
        """
        Limit                     Soft Limit           Hard Limit           Units
        Max open files            1024                 20000                files
        """;
    assertThat(ServerProcess.parseFileLimit(limits)).isEqualTo(1_024);
    assertThat(ServerProcess.parseFileLimit(limits.replace("1024", "unlimited"))).isZero();
    assertThat(ServerProcess.ownFileLimit()).isPositive();
  }

  @Test
  void exitedProcessCostsNothing() {
    assertThat(ServerProcess.parseStat("")).isEqualTo(new CpuTime(0, 0));
    assertThat(ServerProcess.parseRss("")).isZero();
    assertThat(ServerProcess.parseWaited("")).isZero();
  }

  @Test
  void residentMemoryIsInKibibytes() {
    assertThat(ServerProcess.parseRss("Name:\tx\nVmRSS:\t    2048 kB\nThreads: 3\n"))
        .isEqualTo(2_097_152);
  }

  @Test
  void waitingIsTheSecondNumber() {
    assertThat(ServerProcess.parseWaited("100 2500000000 7\n")).isEqualTo(2.5);
  }

  @Test
  void theHistogramEndsInATotal() {
    String text = "   1:  10  320  [B\nTotal         12345      6789012\n";
    assertThat(Jvm.parseHistogram(text)).hasValue(6_789_012);
    assertThat(Jvm.parseHistogram("Permission denied")).isEmpty();
  }

  @Test
  void anUnknownProcessIsRefused() {
    assertThatThrownBy(() -> ServerProcess.of(999_999_999))
        .isInstanceOf(Refusal.class)
        .hasMessage("There is no process 999999999 to measure (--pid).");
  }
}
