package dev.fanfare.webhook.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fanfare.testing.ManualClock;
import dev.fanfare.webhook.outbox.Outbox;
import dev.fanfare.webhook.outbox.Outbox.Counts;
import dev.fanfare.webhook.outbox.Outbox.DeadLetter;
import dev.fanfare.webhook.outbox.Outbox.Draft;
import dev.fanfare.webhook.outbox.Outbox.Entry;
import dev.fanfare.webhook.outbox.OutboxContract;
import dev.fanfare.webhook.outbox.Outboxes;
import dev.fanfare.webhook.outbox.Selection;
import dev.fanfare.webhook.outbox.WarningLog;
import dev.fanfare.webhook.outbox.WebhookOptions;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.type.LongDataType;
import org.h2.mvstore.type.StringDataType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The outbox on a disk: what survives a restart, and the errors for folders and files that cannot
/// be used.
final class DurableOutboxTest extends OutboxContract {

  private static final long MEGABYTE = 1 << 20;

  @TempDir Path directory;
  private final ManualClock clock = new ManualClock();

  @Override
  protected Outbox open() throws IOException {
    return open(directory.resolve("data"));
  }

  private DurableOutbox open(Path folder) throws IOException {
    WebhookOptions options =
        WebhookOptions.DEFAULTS.withDataDir(folder.toString()).withMaxDeadLetters(MAX_DEAD_LETTERS);
    return DurableOutbox.open(options, Outboxes.memory(), clock, clock::instant);
  }

  private Outbox reopened() throws IOException {
    outbox().close();
    return open();
  }

  private Path file() {
    return directory.resolve("data/outbox.mv");
  }

  @Test
  void everythingSurvivesARestart() throws IOException {
    List<Entry> entries = accept(outbox(), "1", "a", "b", "c");
    outbox().delivered(entries.subList(0, 1));
    outbox().dead(entries.subList(1, 2), 77, "HTTP 500");
    try (Outbox again = reopened()) {
      assertThat(again.isDurable()).isTrue();
      assertThat(Outboxes.pending(again)).isEqualTo(entries.subList(2, 3));
      assertThat(again.deadLetters("1", 0, 9))
          .containsExactly(new DeadLetter(entries.get(1), 77, 0, "HTTP 500"));
      assertThat(again.counts()).isEqualTo(new Counts(3, 1, 1, 1, 1));
      assertThat(accept(again, "1", "d").getFirst().id()).isEqualTo(entries.get(2).id() + 1);
    }
  }

  @Test
  void attemptsAreCountedAcrossRestarts() throws IOException {
    List<Entry> entries = accept(outbox(), "1", "a", "b", "c");
    outbox().attempted(entries.subList(0, 2));
    outbox().attempted(entries.subList(0, 1));
    try (Outbox again = reopened()) {
      assertThat(again.attempts(entries.get(0).id())).isEqualTo(2);
      assertThat(again.attempts(entries.get(1).id())).isEqualTo(1);
      assertThat(again.attempted(entries)).isEqualTo(3);
      again.dead(entries, 77, "HTTP 500");
    }
    try (Outbox again = open()) {
      assertThat(again.deadLetters("1", 0, 9))
          .extracting(DeadLetter::attempts)
          .containsExactly(3, 2, 1);
      assertThat(again.attempts(entries.getFirst().id())).isZero();
    }
  }

  /// The file was written by the version before attempts were counted.
  @Test
  void aFileWithoutAttemptsIsReadCompletely() throws IOException {
    outbox().close();
    try (InputStream old = getClass().getResourceAsStream("outbox-without-attempts.mv.gz")) {
      Files.write(file(), new GZIPInputStream(old).readAllBytes());
    }
    try (Outbox again = open()) {
      assertThat(again.counts()).isEqualTo(new Counts(4, 1, 1, 2, 1));
      List<Entry> entries = Outboxes.pending(again);
      assertThat(entries)
          .extracting(Entry::draft)
          .containsExactly(draft("1", "waiting"), draft("1", "late"));
      assertThat(again.deadLetters("1", 0, 9))
          .containsExactly(
              new DeadLetter(
                  new Entry(3, draft("1", "dead")), 1_327_078_448_132L, 9, "answered 500"));
      assertThat(again.attempted(entries)).isEqualTo(1);
    }
  }

  /// A version that does not count attempts settles an entry and leaves its count.
  @Test
  void attemptsOfEntriesThatAreGoneAreRemoved() throws IOException {
    Entry entry = accept(outbox(), "1", "a").getFirst();
    outbox().attempted(List.of(entry));
    outbox().close();
    try (MVStore store = new MVStore.Builder().fileName(file().toString()).open()) {
      store.openMap("pending").clear();
      store
          .openMap(
              "numbers",
              new MVMap.Builder<String, Long>()
                  .keyType(StringDataType.INSTANCE)
                  .valueType(LongDataType.INSTANCE))
          .put("delivered", 1L);
    }
    try (Outbox again = open()) {
      assertThat(again.attempts(entry.id())).isZero();
      accept(again, "1", "b");
    }
    try (MVStore store = new MVStore.Builder().fileName(file().toString()).open()) {
      assertThat(store.openMap("attempts").isEmpty()).isTrue();
    }
  }

  @Test
  void aReplayAndAPurgeSurviveARestart() throws IOException {
    List<Entry> entries = accept(outbox(), "1", "a", "b", "c");
    outbox().dead(entries, 77, "HTTP 500");
    Entry replayed = outbox().replay("1", entries.getFirst().id(), 99).orElseThrow();
    assertThat(outbox().purge("1")).isEqualTo(2);
    try (Outbox again = reopened()) {
      assertThat(Outboxes.pending(again)).containsExactly(replayed);
      assertThat(again.deadLetters("1", 0, 9)).isEmpty();
      assertThat(again.counts()).isEqualTo(new Counts(4, 0, 3, 1, 0));
    }
  }

  @Test
  void aBulkReplayAndAPurgeOfSomeSurviveARestart() throws IOException {
    List<Entry> entries = accept(outbox(), "1", "a", "b", "c");
    outbox().dead(entries, 77, "HTTP 500");
    List<Entry> replayed = replay(outbox(), Selection.ofApp("1"), 99);
    outbox().dead(replayed.subList(0, 2), 177, "HTTP 500");
    assertThat(outbox().purge(new Selection("1", null, 100, 200))).isZero();
    assertThat(outbox().purge(new Selection("1", null, 99, 100))).isEqualTo(2);
    try (Outbox again = reopened()) {
      assertThat(Outboxes.pending(again)).isEqualTo(replayed.subList(2, 3));
      assertThat(again.deadLetters("1", 0, 9)).isEmpty();
      assertThat(again.counts()).isEqualTo(new Counts(6, 0, 5, 1, 0));
    }
  }

  @Test
  void anyTextSurvives() throws IOException {
    String text = "é€😀\uD800\u0000 end";
    Draft draft = new Draft("1", "https://a.example/" + text, text, 5, "{\"x\":\"" + text + "\"}");
    Draft large = new Draft("1", "https://a.example", "b", 6, "x".repeat(300_000));
    List<Entry> entries = outbox().accept(List.of(draft, large));
    outbox().dead(entries.subList(0, 1), 7, text);
    try (Outbox again = reopened()) {
      assertThat(again.deadLetters("1", 0, 9))
          .containsExactly(new DeadLetter(entries.getFirst(), 7, 0, text));
      assertThat(Outboxes.pending(again)).isEqualTo(entries.subList(1, 2));
    }
  }

  @Test
  void aLowerLimitRemovesTheOldestDeadLetters() throws IOException {
    List<Entry> entries = accept(outbox(), "1", "a", "b", "c");
    outbox().dead(entries, 77, "HTTP 500");
    outbox().close();
    WebhookOptions two =
        WebhookOptions.DEFAULTS
            .withDataDir(directory.resolve("data").toString())
            .withMaxDeadLetters(2);
    try (Outbox again = DurableOutbox.open(two, Outboxes.memory(), clock, clock::instant)) {
      assertThat(again.deadLetters("1", 0, 9)).hasSize(2);
      accept(again, "1", "d");
    }
    try (Outbox again = open()) {
      assertThat(again.deadLetters("1", 0, 9))
          .extracting(DeadLetter::entry)
          .isEqualTo(entries.subList(1, 3));
    }
  }

  @Test
  void anInterruptedCallerLosesNothing() throws IOException {
    Thread.currentThread().interrupt();
    Entry entry = accept(outbox(), "1", "a").getFirst();
    assertThat(Thread.interrupted()).isTrue();
    assertThat(outbox().isDurable()).isTrue();
    try (Outbox again = reopened()) {
      assertThat(Outboxes.pending(again)).containsExactly(entry);
    }
  }

  /// 200,000 events of 300 bytes are 60 MB, written twice. The space of delivered ones is reused.
  @Test
  void theFileDoesNotGrowWithTraffic() throws IOException {
    List<Entry> kept = accept(outbox(), "1", "kept", "dead");
    outbox().dead(kept.subList(1, 2), 77, "HTTP 500");
    Draft draft = new Draft("1", "https://a.example", "c", 5, "x".repeat(300));
    List<Draft> batch = Collections.nCopies(500, draft);
    for (int i = 0; i < 400; i++) {
      outbox().delivered(outbox().accept(batch));
    }
    try (Outbox again = reopened()) {
      assertThat(again.counts()).isEqualTo(new Counts(200_002, 200_000, 1, 1, 1));
      assertThat(Outboxes.pending(again)).containsExactly(kept.getFirst());
    }
    assertThat(Files.size(file())).as("bytes of the closed file").isLessThan(MEGABYTE);
  }

  @Test
  void aFolderThatCannotBeCreatedIsNamed() throws IOException {
    Path file = Files.createFile(directory.resolve("file"));
    assertThatThrownBy(() -> open(file))
        .isInstanceOf(IOException.class)
        .hasMessage(
            "webhooks.data_dir: "
                + file
                + " is not a folder. Choose another folder, or leave the option empty to keep"
                + " webhooks in memory only");
    Path below = file.resolve("data");
    assertThatThrownBy(() -> open(below))
        .hasMessageStartingWith("webhooks.data_dir: " + below + " cannot be created: ")
        .hasMessageContaining("webhooks.data_dir");
  }

  @Test
  void aFileThatCannotBeWrittenIsNamed() throws IOException {
    Path folder = Files.createDirectories(directory.resolve("other"));
    Files.createDirectory(folder.resolve("outbox.mv"));
    assertThatThrownBy(() -> open(folder))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith(
            "webhooks.data_dir: " + folder.resolve("outbox.mv") + " cannot be used")
        .hasMessageContaining("webhooks.data_dir");
  }

  @Test
  void aSecondServerIsRefused() {
    accept(outbox(), "1", "a");
    assertThatThrownBy(this::open)
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith(
            "webhooks.data_dir: "
                + file()
                + " is in use by another server; each server needs a separate folder. Choose");
    assertThat(accept(outbox(), "1", "b")).hasSize(1);
    assertThat(outbox().isDurable()).isTrue();
  }

  @Test
  void aDamagedFileIsMovedAsideAndItsIdsAreNotReused() throws IOException {
    long before = accept(outbox(), "1", "a").getFirst().id();
    outbox().close();
    byte[] bytes = Files.readAllBytes(file());
    Arrays.fill(bytes, 8_192, bytes.length, (byte) 7);
    Files.write(file(), bytes);
    try (WarningLog warnings = WarningLog.open();
        Outbox again = open()) {
      assertThat(Outboxes.pending(again)).isEmpty();
      assertThat(accept(again, "1", "b").getFirst().id()).isGreaterThan(before + 1_000_000);
      Path aside = damaged();
      assertThat(Files.readAllBytes(aside)).isEqualTo(bytes);
      assertThat(warnings.lines())
          .singleElement()
          .asString()
          .startsWith(file() + " is damaged (")
          .contains("It was moved to " + aside);
    }
  }

  /// As after a power failure: the header announces a commit that is missing.
  @Test
  void aFileThatIsDamagedAtItsEndIsOpenedInAnOlderVersion() throws IOException {
    Entry first = accept(outbox(), "1", "a").getFirst();
    outbox().close();
    try (Outbox again = open()) {
      accept(again, "1", "b");
    }
    byte[] bytes = Files.readAllBytes(file());
    String header = new String(bytes, 0, 200, StandardCharsets.ISO_8859_1);
    int block = Integer.parseInt(header.replaceAll("(?s).*block:([0-9a-f]+),.*", "$1"), 16);
    Arrays.fill(bytes, block * 4_096, (block + 1) * 4_096, (byte) 7);
    Files.write(file(), bytes);
    try (WarningLog warnings = WarningLog.open();
        Outbox again = open()) {
      assertThat(Outboxes.pending(again)).contains(first);
      assertThat(Files.readAllBytes(damaged())).isEqualTo(bytes);
      assertThat(warnings.lines())
          .containsExactly(
              "the newest part of "
                  + file()
                  + " is damaged, so an older version of it is used; a copy of the damaged file is "
                  + damaged()
                  + "; 2 pending webhooks and dead letters were kept, an unknown number was lost");
    }
  }

  @Test
  void aFileThatIsNoStoreIsMovedAside() throws IOException {
    outbox().close();
    Files.writeString(file(), "hello");
    try (Outbox again = open()) {
      assertThat(again.isDurable()).isTrue();
      assertThat(Files.readString(damaged())).isEqualTo("hello");
    }
  }

  private Path damaged() throws IOException {
    try (Stream<Path> files = Files.list(directory.resolve("data"))) {
      return files.filter(path -> path.toString().contains(".damaged-")).findFirst().orElseThrow();
    }
  }
}
