package dev.fanfare.loadtest.measure;

import com.sun.tools.attach.AttachNotSupportedException;
import com.sun.tools.attach.VirtualMachine;
import java.io.IOException;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;
import org.jspecify.annotations.Nullable;

/// A JVM of this user, inspected from outside. Unknown values are empty. Inspection pauses the JVM
/// and makes it load code; never use this while measuring.
final class Jvm {

  private static final int JCMD_SECONDS = 60;

  private final long pid;

  /// The address of the JVM's management agent, `null` if it is not known yet.
  private @Nullable String management;

  Jvm(long pid) {
    this.pid = pid;
  }

  /// Bytes of live objects after a full collection.
  OptionalLong liveHeap() {
    Path jcmd = Path.of(System.getProperty("java.home", ""), "bin", "jcmd");
    String command = Files.isExecutable(jcmd) ? jcmd.toString() : "jcmd";
    try {
      Process process =
          new ProcessBuilder(command, Long.toString(pid), "GC.class_histogram")
              .redirectErrorStream(true)
              .start();
      String text =
          new String(process.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
      return process.waitFor(JCMD_SECONDS, TimeUnit.SECONDS)
          ? parseHistogram(text)
          : OptionalLong.empty();
    } catch (IOException e) {
      return OptionalLong.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return OptionalLong.empty();
    }
  }

  /// Starts the JVM's local management agent if it is not running. Call this before the first
  /// reading of the heap, which is larger afterwards.
  void startManagement() {
    try {
      VirtualMachine machine = VirtualMachine.attach(Long.toString(pid));
      try {
        management = machine.startLocalManagementAgent();
      } finally {
        machine.detach();
      }
    } catch (IOException | AttachNotSupportedException e) {
      management = null;
    }
  }

  /// Bytes of direct buffers that the JVM accounts for.
  @SuppressWarnings("BanJNDI") // the address comes from that JVM, which the user has named
  OptionalLong directBuffers() {
    if (management == null) {
      return OptionalLong.empty();
    }
    try (JMXConnector connector = JMXConnectorFactory.connect(new JMXServiceURL(management))) {
      return ManagementFactory.getPlatformMXBeans(
              connector.getMBeanServerConnection(), BufferPoolMXBean.class)
          .stream()
          .filter(pool -> pool.getName().equals("direct"))
          .mapToLong(BufferPoolMXBean::getMemoryUsed)
          .findFirst();
    } catch (IOException e) {
      return OptionalLong.empty();
    }
  }

  static OptionalLong parseHistogram(String text) {
    for (String line : text.lines().toList()) {
      if (line.startsWith("Total")) {
        String[] words = line.strip().split("\\s+", -1);
        return OptionalLong.of(Long.parseLong(words[2]));
      }
    }
    return OptionalLong.empty();
  }
}
