package dev.fanfare.webhook.disk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.testing.ManualClock;
import dev.fanfare.webhook.outbox.Outbox;
import dev.fanfare.webhook.outbox.Outbox.Draft;
import dev.fanfare.webhook.outbox.Outbox.Entry;
import dev.fanfare.webhook.outbox.OutboxContract;
import dev.fanfare.webhook.outbox.OutboxLosses;
import dev.fanfare.webhook.outbox.Outboxes;
import dev.fanfare.webhook.outbox.WarningLog;
import dev.fanfare.webhook.outbox.WebhookOptions;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A file that was cut, overwritten or deleted, while the server was stopped or while it runs: what
/// can be read is kept unchanged, the rest is reported.
final class OutboxDamageTest {

  private static final int HEADERS = 8_192;

  @TempDir Path directory;
  private final ManualClock clock = new ManualClock();
  private final WarningLog warnings = WarningLog.open();
  private final Map<Long, Draft> pending = new HashMap<>();
  private final Set<Long> ids = new TreeSet<>();
  private byte[] file;
  private byte[] marker;

  /// The files of a server that was killed.
  @BeforeEach
  void fill() throws IOException {
    Path original = directory.resolve("original");
    try (DurableOutbox outbox = open(original)) {
      for (int i = 0; i < 30; i++) {
        List<Draft> drafts = new ArrayList<>();
        for (int n = 0; n < 4; n++) {
          String event = "{\"x\":\"" + "é".repeat(300 * n) + "\"}";
          drafts.add(new Draft("1", "https://a.example", "c" + i, 5 + n, event));
        }
        List<Entry> entries = outbox.accept(drafts);
        outbox.attempted(entries);
        outbox.delivered(entries.subList(0, 1));
        outbox.dead(entries.subList(1, 2), 77, "HTTP 500");
        entries.subList(2, 4).forEach(entry -> pending.put(entry.id(), entry.draft()));
        entries.subList(1, 4).forEach(entry -> ids.add(entry.id()));
      }
      outbox.maintain();
      file = Files.readAllBytes(original.resolve("outbox.mv"));
      marker = Files.readAllBytes(original.resolve("outbox.state"));
    }
  }

  @AfterEach
  void close() {
    warnings.close();
  }

  private DurableOutbox open(Path folder) throws IOException {
    WebhookOptions options = WebhookOptions.DEFAULTS.withDataDir(folder.toString());
    return DurableOutbox.open(options, Outboxes.memory(), clock, clock::instant);
  }

  private static List<Entry> everything(Outbox outbox) {
    List<Entry> all = new ArrayList<>(Outboxes.pending(outbox));
    outbox.deadLetters("1", 0, 1_000).forEach(letter -> all.add(letter.entry()));
    return all;
  }

  /// Opens an outbox with a damaged file: all is there or damage was reported, and nothing was
  /// changed.
  ///
  /// @return how many records were kept
  private int check(String what, byte[] damaged) throws IOException {
    Path folder = Files.createDirectories(directory.resolve(what));
    Files.write(folder.resolve("outbox.mv"), damaged);
    Files.write(folder.resolve("outbox.state"), marker);
    try (DurableOutbox outbox = open(folder)) {
      List<Entry> kept = everything(outbox);
      for (Entry entry : kept) {
        Draft draft = pending.get(entry.id());
        assertThat(draft == null || draft.equals(entry.draft())).as("%s: %s", what, entry).isTrue();
        assertThat(draft != null || ids.contains(entry.id()) || outbox.losses().damages() > 0)
            .as(what)
            .isTrue();
      }
      Set<Long> missing = new TreeSet<>(ids);
      kept.forEach(entry -> missing.remove(entry.id()));
      OutboxLosses losses = outbox.losses();
      if (!missing.isEmpty()) {
        assertThat(losses.damages()).as("%s: %d are missing", what, missing.size()).isEqualTo(1);
        assertThat(losses.records() == missing.size() || losses.latest().contains("unknown number"))
            .as("%s: %s, missing: %d", what, losses, missing.size())
            .isTrue();
        assertThat(warnings.lines()).anyMatch(line -> line.equals(losses.latest()));
        assertThat(aside(folder)).as("copies of the damaged file").isEqualTo(1);
      }
      assertThat(outbox.isDurable()).isTrue();
      long id = OutboxContract.accept(outbox, "1", "new").getFirst().id();
      assertThat(ids).as("%s: ids are not used again", what).allMatch(known -> known < id);
      return kept.size();
    }
  }

  private static long aside(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(path -> path.toString().contains(".damaged-")).count();
    }
  }

  @Test
  void aFileThatWasKilledIsNotDamaged() throws IOException {
    assertThat(check("intact", file)).isEqualTo(ids.size());
    assertThat(warnings.lines()).isEmpty();
  }

  @Test
  void aFileThatWasCutIsNoticed() throws IOException {
    Random random = new Random(12);
    List<Integer> cuts =
        new ArrayList<>(List.of(0, 1, 100, 4_095, 4_096, 5_000, 8_191, 8_192, 8_193, 12_288));
    for (int i = 1; i <= 6; i++) {
      cuts.add(file.length / 4_096 * i / 7 * 4_096);
      cuts.add(random.nextInt(HEADERS, file.length));
    }
    cuts.addAll(List.of(file.length - 4_096, file.length - 1));
    for (int cut : cuts) {
      var _ = check("cut-" + cut, Arrays.copyOf(file, cut));
    }
  }

  @Test
  void flippedBytesAreNoticedAndOtherRecordsAreKept() throws IOException {
    Random random = new Random(12);
    int best = 0;
    for (int i = 0; i < 40; i++) {
      byte[] damaged = file.clone();
      int at = random.nextInt(file.length);
      damaged[at] ^= (byte) (1 << random.nextInt(8));
      best += check("flip-" + i + "-" + at, damaged);
    }
    assertThat(best).as("records kept in all").isGreaterThan(ids.size() * 20);
  }

  @Test
  void zeroedPartsAreNoticed() throws IOException {
    Random random = new Random(12);
    for (int i = 0; i < 20; i++) {
      byte[] damaged = file.clone();
      int from = i < 3 ? 4_096 * i : random.nextInt(file.length);
      Arrays.fill(damaged, from, Math.min(file.length, from + 4_096), (byte) 0);
      var _ = check("zero-" + i + "-" + from, damaged);
    }
  }

  @Test
  void aMissingFileIsNoticed() throws IOException {
    Path folder = Files.createDirectories(directory.resolve("missing"));
    Files.write(folder.resolve("outbox.state"), marker);
    try (DurableOutbox outbox = open(folder)) {
      assertThat(outbox.losses().damages()).isEqualTo(1);
      assertThat(outbox.losses().records()).isEqualTo(ids.size());
      assertThat(warnings.lines())
          .containsExactly(
              folder.resolve("outbox.mv")
                  + " is missing. It was replaced by a new file; 0 pending webhooks and dead"
                  + " letters were kept, "
                  + ids.size()
                  + " were lost");
    }
    try (DurableOutbox again = open(folder)) {
      assertThat(again.losses().damages()).as("at the next start").isZero();
    }
  }

  @Test
  void aFileThatIsDeletedWhileInUseIsWrittenAgain() throws IOException {
    Path folder = directory.resolve("running");
    try (DurableOutbox outbox = open(folder)) {
      List<Entry> entries = OutboxContract.accept(outbox, "1", "a", "b", "c");
      outbox.dead(entries.subList(0, 1), 77, "HTTP 500");
      Files.delete(folder.resolve("outbox.mv"));
      outbox.maintain();
      assertThat(outbox.isDurable()).isTrue();
      assertThat(outbox.losses().damages()).isEqualTo(1);
      assertThat(outbox.losses().records()).isZero();
      assertThat(outbox.find(entries.get(1).id())).isEqualTo(entries.get(1));
      delete(folder);
      outbox.maintain();
      assertThat(outbox.losses().damages()).isEqualTo(2);
      outbox.delivered(entries.subList(1, 2));
      List<Entry> more = OutboxContract.accept(outbox, "1", "d");
      assertThat(warnings.lines())
          .first()
          .asString()
          .isEqualTo(
              folder.resolve("outbox.mv")
                  + " was deleted or replaced while in use, and was written again; 3 pending"
                  + " webhooks and dead letters were kept, none is known to be lost");
      assertThat(Outboxes.pending(outbox)).containsExactly(entries.get(2), more.getFirst());
    }
    try (DurableOutbox again = open(folder)) {
      assertThat(everything(again)).hasSize(3);
      assertThat(again.losses().damages()).isZero();
    }
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      for (Path path : files.toList()) {
        Files.delete(path);
      }
    }
    Files.delete(folder);
  }

  /// The folder cannot be created again, because there is a file in its place.
  @Test
  void whileTheFolderIsGoneWebhooksAreKept() throws IOException {
    Path folder = directory.resolve("running");
    try (DurableOutbox outbox = open(folder)) {
      List<Entry> entries = OutboxContract.accept(outbox, "1", "a", "b");
      delete(folder);
      Files.createFile(folder);
      outbox.maintain();
      assertThat(outbox.isDurable()).isFalse();
      entries =
          Stream.concat(entries.stream(), OutboxContract.accept(outbox, "1", "c").stream())
              .toList();
      assertThat(Outboxes.pending(outbox)).isEqualTo(entries);
      outbox.delivered(entries.subList(0, 1));
      Files.delete(folder);
      clock.advance(Duration.ofSeconds(10));
      outbox.maintain();
      assertThat(outbox.isDurable()).isTrue();
      assertThat(Outboxes.pending(outbox)).isEqualTo(entries.subList(1, 3));
    }
    try (DurableOutbox again = open(folder)) {
      assertThat(Outboxes.pending(again)).hasSize(2);
    }
  }

  @Test
  void aFileThatIsCutOrOverwrittenWhileInUseIsNoticed() throws IOException {
    for (boolean isCut : List.of(true, false)) {
      Path folder = directory.resolve("running-" + isCut);
      try (DurableOutbox outbox = open(folder)) {
        int accepted = 0;
        for (int i = 0; i < 20; i++) {
          accepted += OutboxContract.accept(outbox, "1", "a", "b", "c").size();
        }
        try (RandomAccessFile raw =
            new RandomAccessFile(folder.resolve("outbox.mv").toFile(), "rw")) {
          if (isCut) {
            raw.setLength(HEADERS);
          } else {
            raw.write(new byte[(int) raw.length()]);
          }
        }
        outbox.maintain();
        assertThat(outbox.losses().damages()).isEqualTo(1);
        int kept = Outboxes.pending(outbox).size();
        assertThat(outbox.losses().records()).isEqualTo(accepted - kept);
        assertThat(outbox.counts().pending()).isEqualTo(kept);
        assertThat(outbox.isDurable()).isTrue();
        OutboxContract.accept(outbox, "1", "d");
        assertThat(Outboxes.pending(outbox)).hasSize(kept + 1);
      }
      try (DurableOutbox again = open(folder)) {
        assertThat(again.losses().damages()).as("at the next start").isZero();
      }
    }
  }
}
