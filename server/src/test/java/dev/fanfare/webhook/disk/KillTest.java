package dev.fanfare.webhook.disk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.observe.NanoClock;
import dev.fanfare.testing.Programs;
import dev.fanfare.webhook.outbox.Outbox;
import dev.fanfare.webhook.outbox.OutboxContract;
import dev.fanfare.webhook.outbox.Outboxes;
import dev.fanfare.webhook.outbox.WebhookOptions;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A process that accepts and settles entries is killed (`kill -9`) at random times: every entry
/// that it reported as accepted is still there or settled, and no id is used twice.
final class KillTest {

  private static final int KILLS = Integer.getInteger("fanfare.outbox.kills", 20);
  private static final int MOST_LINES = 400;
  private static final long SEED = 4;
  private static final int PATIENCE_SECONDS = 30;
  private static final int MAX_DEAD_LETTERS = 1_000_000;

  @TempDir Path directory;

  private final Set<Long> accepted = new HashSet<>();
  private final Set<Long> settled = new HashSet<>();

  /// The process: prints `+ID` after an entry was accepted, `-ID` before one is settled. Exits when
  /// its outbox is no longer durable, or when its output is closed.
  static final class Child {

    private Child() {}

    public static void main(String[] args) throws IOException {
      Random random = new Random(Long.parseLong(args[1]));
      try (DurableOutbox outbox = open(Path.of(args[0]))) {
        while (outbox.isDurable() && !System.out.checkError()) {
          List<Outbox.Draft> drafts =
              Collections.nCopies(
                  1 + random.nextInt(5), OutboxContract.draft("1", "c" + random.nextInt(9)));
          List<Outbox.Entry> entries = outbox.accept(drafts);
          entries.forEach(entry -> System.out.println("+" + entry.id()));
          List<Outbox.Entry> some = entries.subList(0, random.nextInt(entries.size() + 1));
          if (random.nextBoolean()) {
            some.forEach(entry -> System.out.println("-" + entry.id()));
            outbox.delivered(some);
          } else {
            outbox.attempted(some);
            outbox.dead(some, 77, "HTTP 500");
          }
        }
      }
    }
  }

  private static DurableOutbox open(Path folder) throws IOException {
    WebhookOptions options =
        WebhookOptions.DEFAULTS.withDataDir(folder.toString()).withMaxDeadLetters(MAX_DEAD_LETTERS);
    return DurableOutbox.open(options, Outboxes.memory(), NanoClock.SYSTEM, InstantSource.system());
  }

  @Test
  void acceptedEntriesSurviveAndNoIdIsUsedTwice() throws IOException {
    Random random = new Random(SEED);
    for (int kill = 0; kill < KILLS; kill++) {
      runAndKill(random.nextInt(MOST_LINES), random.nextLong());
      try (DurableOutbox outbox = open(directory)) {
        Set<Long> there = new HashSet<>();
        Outboxes.pending(outbox).forEach(entry -> there.add(entry.id()));
        outbox
            .deadLetters("1", 0, Integer.MAX_VALUE)
            .forEach(letter -> there.add(letter.entry().id()));
        there.addAll(settled);
        assertThat(there).as("after kill %d", kill).containsAll(accepted);
        assertThat(outbox.counts().accepted()).isGreaterThanOrEqualTo(accepted.size());
        long id = OutboxContract.accept(outbox, "1", "between").getFirst().id();
        assertThat(there).allMatch(known -> known < id);
        assertThat(accepted.add(id)).isTrue();
      }
    }
    assertThat(accepted).hasSizeGreaterThan(KILLS * 10);
  }

  private void runAndKill(int lines, long seed) throws IOException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Child.class.getName(),
                directory.toString(),
                Long.toString(seed))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    CompletableFuture.delayedExecutor(PATIENCE_SECONDS, TimeUnit.SECONDS)
        .execute(process::destroyForcibly); // a read cannot be interrupted, but ends with this
    long highest = accepted.stream().mapToLong(id -> id).max().orElse(0);
    try (BufferedReader reader = process.inputReader()) {
      String line;
      for (int i = 0; (line = reader.readLine()) != null; i++) {
        if (i == lines) {
          // By its handle: Process#destroyForcibly would close the pipe and lose its output.
          assertThat(process.toHandle().destroyForcibly()).isTrue();
        }
        take(line, highest);
      }
    }
    assertThat(Programs.waitFor(process)).as("exit code").isEqualTo(128 + 9);
  }

  private void take(String line, long highest) {
    if (line.length() < 2) {
      return; // killed while writing it
    }
    long id = Long.parseLong(line.substring(1));
    if (line.startsWith("-")) {
      settled.add(id);
    } else {
      assertThat(id).isGreaterThan(highest);
      assertThat(accepted.add(id)).as("id %d is new", id).isTrue();
    }
  }
}
