package dev.fanfare.transport;

import com.sun.management.UnixOperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;

/// The open files of this process, as the operating system counts them. Any thread.
public interface OpenFiles {

  /// Files open now. May take milliseconds, since some systems list them.
  int open();

  /// Files that may be open at once; [Integer#MAX_VALUE] if the system sets no limit.
  int limit();

  /// What the operating system says. The limit is read once: it does not change while we run.
  static OpenFiles system() {
    boolean isUnix =
        ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean;
    return isUnix ? new UnixFiles() : new Unlimited();
  }

  /// A system that does not say.
  final class Unlimited implements OpenFiles {

    @Override
    public int open() {
      return 0;
    }

    @Override
    public int limit() {
      return Integer.MAX_VALUE;
    }
  }

  /// Asks the kernel. Since Linux 6.2 the size of the folder is the number of open files; on older
  /// kernels it is 0 and the folder is listed.
  final class UnixFiles implements OpenFiles {

    private static final Path FOLDER = Path.of("/proc/self/fd");

    private final UnixOperatingSystemMXBean system =
        (UnixOperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    private final int limit;

    private UnixFiles() {
      long max = system.getMaxFileDescriptorCount();
      this.limit = max <= 0 ? Integer.MAX_VALUE : (int) Math.min(max, Integer.MAX_VALUE);
    }

    @Override
    public int open() {
      int size = folderSize();
      return size == 0 ? (int) system.getOpenFileDescriptorCount() : size;
    }

    @Override
    public int limit() {
      return limit;
    }

    private static int folderSize() {
      try {
        return (int) Files.size(FOLDER);
      } catch (IOException e) {
        return 0; // no Linux
      }
    }
  }
}
