package dev.fanfare.cli;

import dev.fanfare.log.LogOutput;
import dev.fanfare.observe.Component;
import dev.fanfare.observe.HeapExhaustion;
import dev.fanfare.observe.Vital;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;

/// Handles signals. SIGTERM and SIGINT: the first one starts the shutdown on a separate thread, a
/// second one exits immediately. SIGHUP: reloads what can be reloaded, on another thread, unless
/// the shutdown has begun.
///
/// Whatever fails, the process ends: its jar may have been replaced since the start, and then
/// classes that it needs for the first time cannot be loaded.
///
/// A shutdown hook would do for the shutdown, but while hooks run the JVM ignores more signals. The
/// JDK has no public API for signals; `sun.misc.Signal` is exported by `jdk.unsupported`, and is
/// named in strings because javac warns of it where the warning cannot be suppressed.
final class Signals {

  private static final Logger log = Component.SERVER.logger();

  /// Exit code after a second signal: 128 plus the number of SIGKILL, since it has the same effect.
  static final int IMPATIENT = 137;

  /// Exit code if the shutdown fails halfway.
  static final int HALFWAY = 5;

  private final Runnable shutdown;
  private final List<Runnable> reloads;
  private final Vital vital = new Vital("fanfare-reload");
  private final AtomicBoolean isEnding = new AtomicBoolean();

  /// SIGHUPs that no reload has begun for.
  private final Semaphore owed = new Semaphore(0);

  /// @param shutdown stops the process
  /// @param reloads what SIGHUP does, in this order; a step that fails does not prevent the next
  Signals(Runnable shutdown, List<Runnable> reloads) {
    this.shutdown = shutdown;
    this.reloads = List.copyOf(reloads);
  }

  /// The pulse of the thread that reloads.
  Vital vital() {
    return vital;
  }

  /// Installs the handlers.
  void listen() {
    Thread.ofPlatform().name("fanfare-reload").daemon().start(() -> vital.keepAlive(this::answer));
    handle("TERM", this::end);
    handle("INT", this::end);
    handle("HUP", this::hangUp);
  }

  /// SIGHUP came.
  void hangUp() {
    owed.release();
  }

  /// SIGTERM or SIGINT came.
  void end() {
    if (!isEnding.compareAndSet(false, true)) {
      try {
        log.warn("second signal, exiting immediately");
        LogOutput.flush();
      } finally {
        Runtime.getRuntime().halt(IMPATIENT);
      }
    }
    try {
      log.info("shutting down, draining connections; a second signal exits immediately");
      Thread.ofPlatform().name("fanfare-end").start(this::shutDown);
    } catch (RuntimeException | Error e) {
      HeapExhaustion.exitIf(e);
      shutDown(); // there may be no more threads; a second signal gets another one, if any
    }
  }

  private void shutDown() {
    try {
      shutdown.run();
    } catch (RuntimeException | Error e) {
      HeapExhaustion.exitIf(e);
      exit(e);
    }
  }

  /// Exits although not all is shut down. What logs it may be missing too.
  private static void exit(Throwable cause) {
    try {
      log.error("the shutdown failed, exiting with code {}", HALFWAY, cause);
      LogOutput.flush();
    } finally {
      Runtime.getRuntime().halt(HALFWAY);
    }
  }

  /// Reloads after each SIGHUP until the shutdown begins. One reload serves all signals that came
  /// before it began; a later one causes another.
  void answer() {
    try {
      while (!isEnding.get()) {
        owed.acquire();
        owed.drainPermits();
        vital.busy();
        reloads.forEach(this::run);
        vital.idle();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // does not happen; there would be nothing to wait for
    }
  }

  private void run(Runnable step) {
    try {
      if (!isEnding.get()) {
        step.run();
      }
    } catch (RuntimeException | Error e) {
      HeapExhaustion.exitIf(e);
      log.error("SIGHUP: a step failed", e);
    }
  }

  /// Runs `handler` on a JVM thread for every signal of that name.
  static void handle(String name, Runnable handler) {
    try {
      Class<?> signal = Class.forName("sun.misc.Signal");
      Class<?> type = Class.forName("sun.misc.SignalHandler");
      Object proxy =
          Proxy.newProxyInstance(
              type.getClassLoader(),
              new Class<?>[] {type},
              (self, method, arguments) ->
                  switch (method.getName()) {
                    case "handle" -> {
                      handler.run();
                      yield null;
                    }
                    case "equals" -> self == arguments[0];
                    case "hashCode" -> System.identityHashCode(self);
                    default -> "handler of SIG" + name;
                  });
      Object named = signal.getConstructor(String.class).newInstance(name);
      signal.getMethod("handle", signal, type).invoke(null, named, proxy);
    } catch (ClassNotFoundException
        | NoSuchMethodException
        | InstantiationException
        | IllegalAccessException
        | InvocationTargetException e) {
      log.warn("this JVM does not support handlers for SIG{}; its default action applies", name, e);
    }
  }
}
