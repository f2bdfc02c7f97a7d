package dev.fanfare.node;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.fanfare.observe.Component;
import dev.fanfare.observe.Readiness;
import dev.fanfare.observe.Readiness.Cause;
import dev.fanfare.testing.Programs;
import dev.fanfare.testing.RawHttp;
import dev.fanfare.testing.RawHttp.Answer;
import dev.fanfare.testing.RunningServer;
import dev.fanfare.testing.ServerProcess;
import dev.fanfare.testing.TestNode;
import dev.fanfare.transport.OpenFiles;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// `warm_up_seconds`: a server that uses itself before it is ready.
final class WarmUpTest {

  /// For what takes a second on a machine without other work.
  private static final long PATIENCE_NS = TimeUnit.SECONDS.toNanos(120);

  private static final long POLL_NS = TimeUnit.MILLISECONDS.toNanos(50);
  private static final int TOO_LONG = 60;
  private static final String THREAD = "fanfare-warm-up";

  /// A condition that may throw.
  private interface Condition {
    boolean holds() throws IOException;
  }

  private static void await(Condition condition) throws IOException {
    long deadlineNs = System.nanoTime() + PATIENCE_NS;
    while (!condition.holds() && System.nanoTime() < deadlineNs) {
      LockSupport.parkNanos(POLL_NS);
    }
    assertThat(condition.holds()).isTrue();
  }

  private static PartOptions options(int seconds) {
    return TestNode.PARTS.withServer(TestNode.options(0).withWarmUpSeconds(seconds));
  }

  private static Answer get(int port, String path) throws IOException {
    try (RawHttp http = new RawHttp(port, Duration.ofSeconds(60))) {
      return http.send(RawHttp.request("GET", path, "")).next();
    }
  }

  @Test
  void clientsAreServedBeforeTheServerIsReady() throws IOException {
    try (FanfareServer server = FanfareServer.start(options(TOO_LONG), List.of(TestNode.APP))) {
      assertThat(get(server.port(), "/ready").status()).isEqualTo(503);
      assertThat(get(server.port(), "/ready").reason()).isEqualTo("The server is warming up");
      assertThat(get(server.port(), "/live").status()).isEqualTo(200);
      ServerProcess.connect(server.port(), TestNode.APP.key()).close();
      assertThat(Thread.getAllStackTraces().keySet()).extracting(Thread::getName).contains(THREAD);
    }
    assertThat(Thread.getAllStackTraces().keySet())
        .as("a shutdown ends it")
        .extracting(Thread::getName)
        .doesNotContain(THREAD);
  }

  /// What is left is compared with a process that has not warmed up.
  @Test
  void nothingOfItIsLeft() throws IOException {
    Map<String, String> environment = Map.of("FANFARE_LOG_LEVEL", "debug", "FANFARE_LANES", "1");
    Map<String, String> warm = new HashMap<>(environment);
    warm.put("FANFARE_WARM_UP_SECONDS", "1");
    try (RunningServer plain = RunningServer.start("", environment);
        RunningServer warmed = RunningServer.start("", warm)) {
      await(() -> String.join("\n", warmed.output()).contains("warmed up: "));
      assertThat(get(warmed.port(), "/ready").status()).isEqualTo(200);
      await(() -> threads(warmed.pid()).equals(threads(plain.pid())));
      await(() -> sockets(warmed.pid()) == sockets(plain.pid()));
      assertThat(get(plain.port(), "/ready").status()).isEqualTo(200);
      assertThat(totals(plain)).hasSizeGreaterThan(10);
      await(() -> totals(warmed).equals(totals(plain)));
      assertThat(warmed.output())
          .as("what is logged of each client at this level")
          .noneMatch(line -> line.contains(" DEBUG ") || line.contains(" app="));
      List<String> lines =
          warmed.output().stream().filter(line -> line.contains(" server: warm")).toList();
      assertThat(lines).hasSize(2);
      assertThat(lines.getFirst()).endsWith("server: warming up for 1 s");
      assertThat(lines.getLast()).matches(".*server: warmed up: [1-9]\\d+ connections and .*");
    }
  }

  /// The names of our threads.
  private static List<String> threads(long pid) throws IOException {
    List<String> names = new ArrayList<>();
    try (DirectoryStream<Path> tasks =
        Files.newDirectoryStream(Path.of("/proc/" + pid + "/task"))) {
      for (Path task : tasks) {
        names.add(Files.readString(task.resolve("comm")).strip());
      }
    }
    return names.stream().filter(name -> name.startsWith("fanfare-")).sorted().toList();
  }

  /// Open sockets, and what event loops wait with.
  private static long sockets(long pid) throws IOException {
    long count = 0;
    try (DirectoryStream<Path> files = Files.newDirectoryStream(Path.of("/proc/" + pid + "/fd"))) {
      for (Path file : files) {
        String target = Files.readSymbolicLink(file).toString();
        count += target.startsWith("socket:") || target.contains("event") ? 1 : 0;
      }
    }
    return count;
  }

  /// What is counted of clients, publishers and webhooks, and the memory that is held for them.
  private static List<String> totals(RunningServer server) throws IOException {
    return Stream.of(get(server.metricsPort(), "/metrics").body().split("\n"))
        .filter(line -> line.matches("fanfare_(conn|mess|event|subs|chan|webhook|http|memory).*"))
        .filter(line -> line.matches(".*(_total|_held_bytes|_connections)[ {].*"))
        .map(line -> line.replaceAll("app=\"[^\"]*\"", "app"))
        .toList();
  }

  @Test
  void aFailureIsAWarning() throws IOException {
    ListAppender<ILoggingEvent> lines = new ListAppender<>();
    Logger log = (Logger) Component.SERVER.logger();
    lines.start();
    log.addAppender(lines);
    Readiness readiness = new Readiness();
    try (WarmUp warmUp = new WarmUp(options(TOO_LONG), new FewFiles())) {
      warmUp.announce(readiness);
      assertThat(readiness.reasons()).containsExactly("The server is warming up");
      warmUp.start();
      await(() -> readiness.reasons().isEmpty());
      await(() -> Thread.getAllStackTraces().keySet().stream().noneMatch(WarmUpTest::isIts));
    } finally {
      log.detachAppender(lines);
    }
    assertThat(lines.list)
        .extracting(ILoggingEvent::getFormattedMessage)
        .contains(
            "the warm-up ended early: java.io.IOException: too few open files are left (nofile)");
    assertThat(readiness.isAgainst(Cause.WARM_UP)).isFalse();
  }

  private static boolean isIts(Thread thread) {
    return thread.getName().equals(THREAD);
  }

  /// A process that has almost as many files open as it may.
  private static final class FewFiles implements OpenFiles {

    @Override
    public int open() {
      return 95;
    }

    @Override
    public int limit() {
      return 100;
    }
  }

  @Test
  void aSignalEndsIt() throws IOException {
    try (RunningServer server =
        RunningServer.start("", Map.of("FANFARE_WARM_UP_SECONDS", "" + TOO_LONG))) {
      Programs.run("kill", "-TERM", Long.toString(server.pid()));
      assertThat(server.exitCode()).isZero();
      assertThat(server.output())
          .anyMatch(line -> line.endsWith("warming up for 60 s"))
          .noneMatch(line -> line.contains("the warm-up") || line.contains("warmed up"));
    }
  }
}
