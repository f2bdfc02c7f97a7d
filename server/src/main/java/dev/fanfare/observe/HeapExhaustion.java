package dev.fanfare.observe;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Exits the process when the heap is full: a process that goes on without some of its threads
/// looks alive, and a supervisor does not replace it. The JVM does the same with
/// `-XX:+ExitOnOutOfMemoryError`, which a plain `java -jar` lacks; so code that catches an `Error`
/// asks here first. A failed allocation of direct memory concerns one connection and is no such
/// error.
///
/// Any thread. Allocates nothing when the heap is full.
public final class HeapExhaustion {

  /// The same as the JVM's.
  public static final int EXIT_CODE = 3;

  private static final byte[] LINE =
      "fanfare: the heap is full (java.lang.OutOfMemoryError), exiting with code 3\n"
          .getBytes(StandardCharsets.UTF_8);

  private static final FileOutputStream OUT = new FileOutputStream(FileDescriptor.err);

  /// How the JVM's messages begin if the heap or class metadata is full.
  private static final List<String> MESSAGES =
      List.of(
          "Java heap space",
          "GC overhead limit exceeded",
          "Metaspace",
          "Compressed class space",
          "Requested array size exceeds VM limit");

  private static final int MAX_CAUSES = 16;

  private HeapExhaustion() {}

  /// Loads this class while there is memory for it, and checks what ends a thread.
  ///
  /// @param otherwise is called for everything else that ends a thread
  public static void handleUncaught(Thread.UncaughtExceptionHandler otherwise) {
    Thread.setDefaultUncaughtExceptionHandler((thread, thrown) -> {
      exitIf(thrown);
      otherwise.uncaughtException(thread, thrown);
    });
  }

  /// Exits the process if this error or one of its causes says that the heap is full; else does
  /// nothing.
  public static void exitIf(@Nullable Throwable thrown) {
    if (isCause(thrown)) {
      exit();
    }
  }

  static boolean isCause(@Nullable Throwable thrown) {
    Throwable cause = thrown;
    for (int i = 0; cause != null && i < MAX_CAUSES; i++) {
      if (cause.getClass() == OutOfMemoryError.class && isOfHeap(cause.getMessage())) {
        return true;
      }
      cause = cause.getCause();
    }
    return false;
  }

  private static boolean isOfHeap(@Nullable String message) {
    for (int i = 0; message != null && i < MESSAGES.size(); i++) {
      if (message.startsWith(MESSAGES.get(i))) {
        return true;
      }
    }
    return false;
  }

  private static void exit() {
    try {
      OUT.write(LINE);
    } catch (IOException e) {
      // stderr is closed; the exit code is left
    } finally {
      Runtime.getRuntime().halt(EXIT_CODE);
    }
  }
}
