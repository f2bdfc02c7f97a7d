package dev.fanfare.cli;

import dev.fanfare.observe.HeapExhaustion;
import java.lang.foreign.AddressLayout;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/// Starts a server whose heap may become large with another collector (docs/adr/0007). The image
/// has no shell that could ask how large the heap may become, and a JVM knows that best, so the JVM
/// that was started for a small heap replaces itself: same process, same arguments, but
/// `large.options` instead of `memory.options`, and no AOT cache, which the other collector cannot
/// use.
///
/// Called once, by the first thread, before anything else is loaded.
final class CollectorChoice {

  /// `by-heap` if the launcher or the image left the choice to us. An operator who chooses with
  /// `FANFARE_JVM_OPTIONS` does not set it.
  private static final String CHOICE = "fanfare.collector";

  /// `small` if the options are those of our `memory.options`, not of a file mounted over it.
  private static final String OPTIONS = "fanfare.heap";

  /// A heap of this size can hold so much that a full collection of the serial collector would stop
  /// all lanes for seconds.
  private static final long LARGE_BYTES = 1_000_000_000;

  /// What the command line says instead, by the end of an argument.
  private static final List<String[]> REPLACED =
      List.of(
          new String[] {"/memory.options", "/large.options"},
          new String[] {"/image.options", "/image-large.options"});

  private static final Path COMMAND_LINE = Path.of("/proc/self/cmdline");

  private CollectorChoice() {}

  /// Replaces this process if it is to run a server and its heap may become large; else returns. A
  /// failure is reported, and the server starts with the collector that it has.
  ///
  /// @param command the first word of the command line
  static void apply(String command) {
    if ("start".equals(command)
        && "by-heap".equals(System.getProperty(CHOICE))
        && "small".equals(System.getProperty(OPTIONS))
        && Runtime.getRuntime().maxMemory() >= LARGE_BYTES) {
      replaceProcess();
    }
  }

  private static void replaceProcess() {
    String problem;
    try {
      // Every argument ends with a zero byte; ISO 8859-1 keeps all others as they are.
      String all = Files.readString(COMMAND_LINE, StandardCharsets.ISO_8859_1);
      List<String> arguments =
          Arrays.stream(all.split("\0", -1)).map(CollectorChoice::replaced).toList();
      Path java = Path.of(System.getProperty("java.home"), "bin", "java");
      problem = "execv: " + execute(java.toString(), arguments.subList(0, arguments.size() - 1));
    } catch (Throwable e) {
      HeapExhaustion.exitIf(e);
      problem = e.toString();
    }
    System.err.println(
        "fanfare: cannot restart the JVM for a large heap ("
            + problem
            + "); continuing with the serial collector");
  }

  private static String replaced(String argument) {
    for (String[] pair : REPLACED) {
      if (argument.startsWith("@") && argument.endsWith(pair[0])) {
        return argument.substring(0, argument.length() - pair[0].length()) + pair[1];
      }
    }
    return argument;
  }

  /// The system call `execv`, which returns only if it fails.
  @SuppressWarnings("restricted") // native access is enabled in always.options
  private static int execute(String program, List<String> arguments) throws Throwable {
    Linker linker = Linker.nativeLinker();
    AddressLayout address = ValueLayout.ADDRESS;
    MethodHandle execv =
        linker.downcallHandle(
            linker.defaultLookup().findOrThrow("execv"),
            FunctionDescriptor.of(ValueLayout.JAVA_INT, address, address));
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment array = arena.allocate(address, arguments.size() + 1L); // ends with a null
      for (int i = 0; i < arguments.size(); i++) {
        String argument = arguments.get(i);
        array.setAtIndex(address, i, arena.allocateFrom(argument, StandardCharsets.ISO_8859_1));
      }
      return (int) execv.invokeExact(arena.allocateFrom(program), array);
    }
  }
}
