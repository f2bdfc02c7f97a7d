package dev.fanfare.clients;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/// Fails a test during which a thread died of an exception. The client's threads have no handler;
/// on Android that crashes the app, while a test here might not even notice.
final class CrashGuard implements BeforeAllCallback, AfterEachCallback, AfterAllCallback {

  private record Crash(Thread thread, Throwable cause) {}

  private static final BlockingQueue<Crash> crashes = new LinkedBlockingQueue<>();

  @Override
  public void beforeAll(ExtensionContext context) {
    Thread.setDefaultUncaughtExceptionHandler(
        (thread, cause) -> crashes.add(new Crash(thread, cause)));
  }

  @Override
  public void afterEach(ExtensionContext context) {
    Crash crash = crashes.poll();
    crashes.clear();
    if (crash != null) {
      throw new AssertionError("the thread " + crash.thread().getName() + " died", crash.cause());
    }
  }

  @Override
  public void afterAll(ExtensionContext context) {
    Thread.setDefaultUncaughtExceptionHandler(null);
  }
}
