package dev.fanfare.webhook.disk;

import dev.fanfare.observe.Component;
import dev.fanfare.protocol.Parsed;
import dev.fanfare.webhook.outbox.Damage;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.h2.mvstore.DataUtils;
import org.h2.mvstore.MVStoreException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/// The folder that contains the file of an outbox. Explains why it cannot be used, and moves a
/// damaged file aside. Any thread.
///
/// @param scheme prefix of a path that selects another file system; for tests only
record DataFolder(Path path, String scheme, InstantSource clock) {

  private static final Logger log = Component.WEBHOOKS.logger();

  private static final String FILE = "outbox.mv";

  private static final String MARKER = "outbox.state";

  /// The first bytes of each of the two headers.
  private static final byte[] HEADER = {'H', ':', '2', ','};

  /// An opened file.
  ///
  /// @param nextId higher than any id assigned so far
  /// @param damage what was wrong with the file; null if nothing was
  record Opened(OutboxFile file, long nextId, @Nullable Damage damage) {}

  Path file() {
    return path.resolve(FILE);
  }

  /// The file that says what the other one contains.
  Path marker() {
    return path.resolve(MARKER);
  }

  /// Opens the file, and creates it if there is none. A damaged file is moved aside, and what can
  /// be read of it is copied to a new one.
  ///
  /// @throws IOException with a sentence that names the folder, the problem and the option to
  ///   change
  Opened open() throws IOException {
    createFolder();
    OutboxMarker marker = OutboxMarker.read(marker());
    boolean isNew = !Files.exists(file());
    boolean isEmpty = file().toFile().length() <= OutboxFile.HEADER_BYTES;
    OutboxFile file = null;
    try {
      file = openFile();
      check(file);
    } catch (RuntimeException e) {
      if (file != null) {
        file.abandon();
      }
      if (!isDamage(e)) {
        throw unusable(e);
      }
      return salvage(e, marker);
    }
    boolean isOlder = marker != null && marker.version() > file.version();
    long nextId = Math.max(file.idsEnd(), marker == null ? 1 : marker.nextId());
    Damage damage = null;
    if (isNew && marker != null) {
      damage = missing(file, marker);
    } else if (isOlder || file.isCutShort()) {
      damage = olderVersion(file, isEmpty && marker != null ? marker.held() : Damage.UNKNOWN);
    }
    return new Opened(file, nextId, damage);
  }

  private static void check(OutboxFile file) {
    file.removeOldAttempts();
    int failures = file.readAll(null);
    long expected = file.expected();
    if (failures > 0 || (expected != Damage.UNKNOWN && expected != file.counts().held())) {
      String problem = failures + " of its pages or records cannot be read";
      throw damaged(problem);
    }
  }

  /// Identifies the current file, whatever its name; null if there is none.
  @Nullable Object identity() {
    try {
      return Files.readAttributes(file(), BasicFileAttributes.class).fileKey();
    } catch (IOException e) {
      return null;
    }
  }

  /// Fails if a file that is in use was cut or overwritten. Cheap.
  Parsed<Parsed.Passed> checkIntact(OutboxFile file) {
    try (SeekableByteChannel bytes = Files.newByteChannel(file())) {
      if (bytes.size() < file.size()) {
        return new Parsed.Bad<>("it was cut to " + bytes.size() + " bytes");
      }
      for (int start = 0; start < OutboxFile.HEADER_BYTES; start += OutboxFile.HEADER_BYTES / 2) {
        ByteBuffer header = ByteBuffer.allocate(HEADER.length);
        int read = bytes.position(start).read(header);
        if (read == HEADER.length && Arrays.equals(header.array(), HEADER)) {
          return Parsed.PASSED;
        }
      }
      return new Parsed.Bad<>("its headers were overwritten");
    } catch (IOException e) {
      return Parsed.PASSED; // it was deleted, or the disk fails, which has other signs
    }
  }

  /// What was wrong with a file that was opened again while in use; null if nothing was.
  ///
  /// @param expected what it should contain; [Damage#UNKNOWN] to compare with nothing
  @Nullable Damage damage(Opened opened, long expected) {
    Damage damage = opened.damage();
    long kept = damage == null ? opened.file().counts().held() : damage.kept();
    if (expected == Damage.UNKNOWN || (damage == null && kept == expected)) {
      return damage;
    }
    String problem = file().toAbsolutePath() + " was cut or overwritten while in use";
    return new Damage(damage == null ? problem : damage.problem(), expected, kept);
  }

  /// Opens the file without changing it; null if it cannot be read.
  @Nullable OutboxFile openToRead() {
    try {
      return Files.exists(file()) ? OutboxFile.openToRead(scheme + file()) : null;
    } catch (RuntimeException e) {
      log.debug("the file cannot be read", e);
      return null;
    }
  }

  /// An exception for which [#isDamage] is true.
  static RuntimeException damaged(String problem) {
    return DataUtils.newMVStoreException(DataUtils.ERROR_FILE_CORRUPT, problem);
  }

  private void createFolder() throws IOException {
    try {
      Files.createDirectories(path);
    } catch (FileAlreadyExistsException e) {
      throw new IOException(complaint(path, "is not a folder"), e);
    } catch (IOException e) {
      throw new IOException(complaint(path, "cannot be created: " + reason(e)), e);
    }
    if (!Files.isWritable(path)) {
      throw new IOException(complaint(path, "is not writable for this user"));
    }
  }

  /// Opens or creates the file. A new file that could not be initialized is deleted, or it would
  /// count as damaged the next time.
  private OutboxFile openFile() {
    boolean isNew = !Files.exists(file());
    try {
      return OutboxFile.open(scheme + file());
    } catch (RuntimeException e) {
      if (isNew) {
        deleteNew();
      }
      throw e;
    }
  }

  private void deleteNew() {
    try {
      Files.deleteIfExists(file());
    } catch (IOException e) {
      log.debug("cannot delete a file that could not be initialized", e);
    }
  }

  private IOException unusable(RuntimeException e) {
    String problem =
        code(e) == DataUtils.ERROR_FILE_LOCKED
            ? "is in use by another server; each server needs a separate folder"
            : "cannot be used: " + reason(e);
    return new IOException(complaint(file(), problem), e);
  }

  private static String complaint(Path where, String problem) {
    return "webhooks.data_dir: "
        + where.toAbsolutePath()
        + " "
        + problem
        + ". Choose another folder, or leave the option empty to keep webhooks in memory only";
  }

  /// Moves the damaged file aside, and copies what can be read of it to a new one.
  private Opened salvage(RuntimeException failure, @Nullable OutboxMarker marker)
      throws IOException {
    Path aside = aside();
    move(file(), aside);
    OutboxFile fresh;
    try {
      fresh = openFile();
    } catch (RuntimeException e) {
      move(aside, file());
      throw unusable(e);
    }
    // The assigned ids are unknown, but none was this high: it would have taken a thousand events
    // per millisecond since 1970.
    long assigned = TimeUnit.MILLISECONDS.toMicros(clock.millis());
    long nextId = marker == null ? assigned : Math.max(assigned, marker.nextId());
    Salvage salvage = new Salvage(scheme + aside, fresh);
    try {
      salvage.copy(nextId);
    } catch (RuntimeException e) {
      fresh.abandon();
      throw unusable(e);
    }
    long expected = salvage.expected();
    if (marker != null && (expected == Damage.UNKNOWN || marker.version() > salvage.version())) {
      expected = marker.held();
    }
    String problem =
        file().toAbsolutePath()
            + " is damaged ("
            + reason(failure)
            + "). It was moved to "
            + aside.toAbsolutePath()
            + " and replaced by a new file";
    return new Opened(fresh, nextId, new Damage(problem, expected, fresh.counts().held()));
  }

  private void move(Path from, Path to) throws IOException {
    try {
      Files.move(from, to);
    } catch (IOException e) {
      String problem = "is damaged and cannot be moved aside: " + reason(e);
      throw new IOException(complaint(file(), problem), e);
    }
  }

  private Damage missing(OutboxFile file, OutboxMarker marker) {
    String problem = file().toAbsolutePath() + " is missing. It was replaced by a new file";
    return new Damage(problem, marker.held(), file.counts().held());
  }

  /// The next commits may overwrite the damaged part, so a copy is kept for analysis.
  private Damage olderVersion(OutboxFile file, long expected) {
    Path aside = aside();
    String outcome = "a copy of the damaged file is " + aside.toAbsolutePath();
    try {
      Files.copy(file(), aside);
    } catch (IOException e) {
      outcome = "the damaged file could not be copied: " + reason(e);
    }
    String problem =
        "the newest part of "
            + file().toAbsolutePath()
            + " is damaged, so an older version of it is used; "
            + outcome;
    return new Damage(problem, expected, file.counts().held());
  }

  private Path aside() {
    String time = Instant.ofEpochMilli(clock.millis()).toString().replace(":", "");
    return file().resolveSibling(FILE + ".damaged-" + time);
  }

  /// True if the file can be read but is invalid; false for problems with the disk, permissions, or
  /// a file of a newer version.
  static boolean isDamage(RuntimeException e) {
    return switch (code(e)) {
      case DataUtils.ERROR_FILE_LOCKED,
          DataUtils.ERROR_UNSUPPORTED_FORMAT,
          DataUtils.ERROR_WRITING_FAILED ->
          false;
      case DataUtils.ERROR_READING_FAILED -> root(e) instanceof EOFException;
      default -> !(root(e) instanceof IOException);
    };
  }

  private static int code(RuntimeException e) {
    return e instanceof MVStoreException known ? known.getErrorCode() : DataUtils.ERROR_INTERNAL;
  }

  /// The message of the operating system or the store, in one line.
  static String reason(Throwable e) {
    Throwable root = root(e);
    String text = root.getMessage() == null ? root.getClass().getSimpleName() : root.getMessage();
    return text.replaceAll("\\p{Cntrl}+", " ");
  }

  private static Throwable root(Throwable e) {
    Throwable root = e;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return root;
  }
}
