package dev.fanfare.transport.server;

import dev.fanfare.observe.HeapExhaustion;
import java.io.IOException;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/// Listening sockets that were open before this process started, as systemd's socket activation
/// hands them over (sd_listen_fds(3)): `LISTEN_FDS` of them, from file descriptor 3 on, if
/// `LISTEN_PID` is this process. Their port stays open while the server restarts.
final class InheritedSockets {

  private static final int FIRST = 3;
  private static final int F_GETFL = 3;
  private static final int F_SETFL = 4;
  private static final int O_NONBLOCK = 0x800;

  private InheritedSockets() {}

  /// The file descriptors; empty if there are none.
  static List<Integer> of(Map<String, String> environment, long pid) {
    String count = environment.getOrDefault("LISTEN_FDS", "");
    boolean isOurs = Long.toString(pid).equals(environment.get("LISTEN_PID"));
    return isOurs && count.matches("[1-9]\\d{0,2}")
        ? IntStream.range(FIRST, FIRST + Integer.parseInt(count)).boxed().toList()
        : List.of();
  }

  /// Sets `O_NONBLOCK`, which the sender may have left out: an accept must never block a lane.
  @SuppressWarnings("restricted") // there is no other way; the manifest allows native access
  static void setNonBlocking(int fd) throws IOException {
    Linker linker = Linker.nativeLinker();
    MethodHandle fcntl =
        linker.downcallHandle(
            linker.defaultLookup().findOrThrow("fcntl"),
            FunctionDescriptor.of(
                ValueLayout.JAVA_INT,
                ValueLayout.JAVA_INT,
                ValueLayout.JAVA_INT,
                ValueLayout.JAVA_INT),
            Linker.Option.firstVariadicArg(2));
    int result;
    try {
      int flags = (int) fcntl.invokeExact(fd, F_GETFL, 0);
      result = flags < 0 ? flags : (int) fcntl.invokeExact(fd, F_SETFL, flags | O_NONBLOCK);
    } catch (Throwable e) {
      HeapExhaustion.exitIf(e);
      throw new IllegalStateException("fcntl cannot be called", e);
    }
    if (result < 0) {
      throw new IOException("file descriptor " + fd + " (LISTEN_FDS) is not open");
    }
  }
}
