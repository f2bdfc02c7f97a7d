package dev.fanfare.webhook.disk;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Keeps an interrupt of the current thread away from a file, which Java would close.
final class Uninterrupted {

  private Uninterrupted() {}

  static void run(Runnable action) {
    var _ =
        call(() -> {
          action.run();
          return null;
        });
  }

  static <T> @Nullable T call(Supplier<@Nullable T> action) {
    boolean interrupted = Thread.interrupted();
    try {
      return action.get();
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
