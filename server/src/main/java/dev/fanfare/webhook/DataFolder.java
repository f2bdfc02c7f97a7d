package dev.fanfare.webhook;

import dev.fanfare.observe.Component;
import dev.fanfare.webhook.MemoryOutbox.Holdings;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import org.h2.mvstore.DataUtils;
import org.h2.mvstore.MVStoreException;
import org.slf4j.Logger;

/// The folder that contains the file of an outbox. Explains why it cannot be used, and moves a
/// damaged file aside. Any thread.
///
/// @param scheme prefix of a path that selects another file system; for tests only
record DataFolder(Path path, String scheme, InstantSource clock) {

  private static final Logger log = Component.WEBHOOKS.logger();

  private static final String FILE = "outbox.mv";

  /// An opened file and its content.
  record Opened(OutboxFile file, Holdings holdings) {}

  Path file() {
    return path.resolve(FILE);
  }

  /// Opens the file, and creates it if there is none.
  ///
  /// @throws IOException with a sentence that names the folder, the problem and the option to
  ///   change
  Opened open() throws IOException {
    createFolder();
    try {
      return tryOpen();
    } catch (RuntimeException e) {
      if (!isDamage(e)) {
        throw unusable(e);
      }
      moveAside(e);
    }
    try {
      OutboxFile file = openFile();
      // The assigned ids are unknown, but none was this high: it would have taken a thousand events
      // per millisecond since 1970.
      long nextId = TimeUnit.MILLISECONDS.toMicros(clock.millis());
      return new Opened(file, Holdings.startingAt(nextId));
    } catch (RuntimeException e) {
      throw unusable(e);
    }
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

  private Opened tryOpen() {
    OutboxFile file = openFile();
    try {
      Opened opened = new Opened(file, file.read());
      if (file.isCutShort()) {
        copyAside();
      }
      return opened;
    } catch (RuntimeException e) {
      file.abandon();
      throw e;
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

  private void moveAside(RuntimeException damage) throws IOException {
    Path aside = aside();
    try {
      Files.move(file(), aside);
    } catch (IOException e) {
      String problem = "is damaged and cannot be moved aside: " + reason(e);
      throw new IOException(complaint(file(), problem), e);
    }
    log.warn(
        "{} is damaged ({}). It was moved to {} and replaced by an empty file",
        file().toAbsolutePath(),
        reason(damage),
        aside.toAbsolutePath());
  }

  /// The next commits may overwrite the damaged part, so a copy is kept for analysis.
  private void copyAside() {
    Path aside = aside();
    String outcome = "a copy of the damaged file is " + aside.toAbsolutePath();
    try {
      Files.copy(file(), aside);
    } catch (IOException e) {
      outcome = "the damaged file could not be copied: " + reason(e);
    }
    log.warn(
        "the newest part of {} is damaged, so an older version of it is used; {}",
        file().toAbsolutePath(),
        outcome);
  }

  private Path aside() {
    String time = Instant.ofEpochMilli(clock.millis()).toString().replace(":", "");
    return file().resolveSibling(FILE + ".damaged-" + time);
  }

  /// True if the file can be read but is invalid; false for problems with the disk, permissions, or
  /// a file of a newer version.
  private static boolean isDamage(RuntimeException e) {
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
