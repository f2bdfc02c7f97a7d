package dev.fanfare;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What the process does when it is told to end: the first signal starts `ending` on a thread of
/// its own, a second one does not wait for it.
///
/// A shutdown hook would do for the first, but while hooks run the JVM ignores further signals. The
/// JDK has nothing public for them; `sun.misc.Signal` is exported by `jdk.unsupported`, and is
/// named in strings because javac warns of it where no warning can be suppressed.
final class Signals {

  private static final Logger log = LoggerFactory.getLogger(Signals.class);

  /// Exit code after a second signal: 128 and the number of SIGKILL, for that is what it stands
  /// for.
  private static final int IMPATIENT = 137;

  private Signals() {}

  static void onEnd(Runnable ending) {
    AtomicBoolean told = new AtomicBoolean();
    Runnable onSignal =
        () -> {
          if (!told.compareAndSet(false, true)) {
            Runtime.getRuntime().halt(IMPATIENT);
          }
          log.info("told to end: sending everybody away; a second signal ends at once");
          Thread.ofPlatform().name("fanfare-end").start(ending);
        };
    handle("TERM", onSignal);
    handle("INT", onSignal);
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
