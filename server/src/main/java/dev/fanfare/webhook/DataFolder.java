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

/// The folder in which an outbox has its file. Says in plain words why it cannot be used, and puts
/// a damaged file aside. Any thread.
///
/// @param scheme what stands before a path to reach it through another file system; tests only
record DataFolder(Path path, String scheme, InstantSource clock) {

  private static final Logger log = Component.WEBHOOKS.logger();

  private static final String FILE = "outbox.mv";

  /// An opened file, and what was found in it.
  record Opened(OutboxFile file, Holdings holdings) {}

  Path file() {
    return path.resolve(FILE);
  }

  /// Opens the file, makes it first if there is none.
  ///
  /// @throws IOException with a sentence that names the folder, what is wrong and what to change
  Opened open() throws IOException {
    makeFolder();
    try {
      return tryOpen();
    } catch (RuntimeException e) {
      if (!isDamage(e)) {
        throw unusable(e);
      }
      putAside(e);
    }
    try {
      OutboxFile file = openFile();
      // Nobody knows which ids were given out, but none of them was this high: that would have
      // taken a thousand events in every millisecond since 1970.
      long nextId = TimeUnit.MILLISECONDS.toMicros(clock.millis());
      return new Opened(file, Holdings.startingAt(nextId));
    } catch (RuntimeException e) {
      throw unusable(e);
    }
  }

  private void makeFolder() throws IOException {
    try {
      Files.createDirectories(path);
    } catch (FileAlreadyExistsException e) {
      throw new IOException(complaint(path, "is not a folder"), e);
    } catch (IOException e) {
      throw new IOException(complaint(path, "cannot be made: " + reason(e)), e);
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

  /// Opens or makes the file. One that could not even be begun is taken away again, or it would
  /// seem damaged the next time.
  private OutboxFile openFile() {
    boolean isNew = !Files.exists(file());
    try {
      return OutboxFile.open(scheme + file());
    } catch (RuntimeException e) {
      if (isNew) {
        takeAway();
      }
      throw e;
    }
  }

  private void takeAway() {
    try {
      Files.deleteIfExists(file());
    } catch (IOException e) {
      log.debug("a file that could not be begun cannot be deleted either", e);
    }
  }

  private IOException unusable(RuntimeException e) {
    String trouble =
        code(e) == DataUtils.ERROR_FILE_LOCKED
            ? "is in use by another server; each needs a folder of its own"
            : "cannot be used: " + reason(e);
    return new IOException(complaint(file(), trouble), e);
  }

  private static String complaint(Path where, String trouble) {
    return "the webhooks' "
        + where.toAbsolutePath()
        + " "
        + trouble
        + ". Choose another folder by webhooks.data_dir, or leave it empty to keep webhooks in"
        + " memory only";
  }

  private void putAside(RuntimeException damage) throws IOException {
    Path aside = aside();
    try {
      Files.move(file(), aside);
    } catch (IOException e) {
      String trouble = "is damaged and cannot be moved aside: " + reason(e);
      throw new IOException(complaint(file(), trouble), e);
    }
    log.warn(
        "{} is damaged ({}). It was moved to {}, and an empty one takes its place",
        file().toAbsolutePath(),
        reason(damage),
        aside.toAbsolutePath());
  }

  /// The next commits may overwrite what is damaged, and somebody may want to look at it.
  private void copyAside() {
    Path aside = aside();
    String outcome = "it was copied to " + aside.toAbsolutePath();
    try {
      Files.copy(file(), aside);
    } catch (IOException e) {
      outcome = "it could not be copied: " + reason(e);
    }
    log.warn(
        "the newest part of {} is damaged, and what was before it is used. As it was found, {}",
        file().toAbsolutePath(),
        outcome);
  }

  private Path aside() {
    String time = Instant.ofEpochMilli(clock.millis()).toString().replace(":", "");
    return file().resolveSibling(FILE + ".damaged-" + time);
  }

  /// True if the file can be read but makes no sense, false if it is a matter of disk or rights, or
  /// of a newer version's file.
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

  /// What is wrong, as the operating system or the store puts it, in one line.
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
