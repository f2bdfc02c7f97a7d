package dev.fanfare;

import dev.fanfare.observe.Component;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;

/// What the process does when it is told something. SIGTERM and SIGINT: the first starts the ending
/// on a thread of its own, a second one does not wait for it. SIGHUP: what can be read again is
/// read again, on another thread; not any more once the end has begun.
///
/// A shutdown hook would do for the end, but while hooks run the JVM ignores further signals. The
/// JDK has nothing public for them; `sun.misc.Signal` is exported by `jdk.unsupported`, and is
/// named in strings because javac warns of it where no warning can be suppressed.
final class Signals {

  private static final Logger log = Component.SERVER.logger();

  /// Exit code after a second signal: 128 and the number of SIGKILL, for that is what it stands
  /// for.
  private static final int IMPATIENT = 137;

  private final Runnable ending;
  private final List<Runnable> reloads;
  private final AtomicBoolean isEnding = new AtomicBoolean();

  /// SIGHUPs that nobody has begun to answer.
  private final Semaphore owed = new Semaphore(0);

  /// @param ending ends the process
  /// @param reloads what SIGHUP does, in this order: one step for each kind of thing that is read
  ///   again; one that fails keeps none behind it from its work
  Signals(Runnable ending, List<Runnable> reloads) {
    this.ending = ending;
    this.reloads = List.copyOf(reloads);
  }

  /// Takes signals from now on.
  void listen() {
    Thread.ofPlatform().name("fanfare-reload").daemon().start(this::answer);
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
      log.warn("second signal, exiting immediately");
      StartCommand.flushLog();
      Runtime.getRuntime().halt(IMPATIENT);
    }
    log.info("shutting down, draining connections; a second signal exits immediately");
    Thread.ofPlatform().name("fanfare-end").start(ending);
  }

  /// Answers each SIGHUP until the end begins. Any number of them that came before the reading
  /// begins are answered by it; one that comes later gets another.
  void answer() {
    try {
      while (!isEnding.get()) {
        owed.acquire();
        owed.drainPermits();
        reloads.forEach(this::run);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // nobody does; but then there is nothing to wait for
    }
  }

  private void run(Runnable step) {
    try {
      if (!isEnding.get()) {
        step.run();
      }
    } catch (RuntimeException e) {
      log.error("SIGHUP: a step failed", e);
    }
  }

  /// Runs `handler` on a thread of the JVM's for every signal of that name.
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
      log.warn(
          "this JVM lets nobody handle SIG{}; it ends the process as the system has it", name, e);
    }
  }
}
