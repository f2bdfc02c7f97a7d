package dev.fanfare.loadtest.measure;

import dev.fanfare.loadtest.plan.Refusal;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.stream.Stream;

/// The server as the kernel reports it: one process, or one for each node of a cluster, and the
/// children they had when they were found. Reads `/proc`, so it works on Linux only.
public final class ServerProcess {

  /// Clock ticks per second in `/proc/PID/stat`; Linux shows 100 to programs everywhere.
  private static final double TICKS = 100;

  private static final double NS_PER_SECOND = 1e9;
  private static final Charset ISO = StandardCharsets.ISO_8859_1;

  private final List<Long> nodes;

  /// Of the nodes and their children.
  private final List<Long> pids;

  private ServerProcess(List<Long> nodes, List<Long> pids) {
    this.nodes = nodes;
    this.pids = pids;
  }

  /// Finds a running process; throws a refusal if there is none.
  public static ServerProcess of(long pid) {
    return of(List.of(pid));
  }

  /// The same for the processes of several nodes, which are measured as one.
  public static ServerProcess of(List<Long> nodes) {
    List<Long> pids = new ArrayList<>(nodes);
    for (long pid : nodes) {
      if (!Files.exists(Path.of("/proc", Long.toString(pid), "stat"))) {
        throw new Refusal("There is no process " + pid + " to measure (--pid).");
      }
      ProcessHandle.of(pid)
          .ifPresent(server -> server.descendants().forEach(child -> pids.add(child.pid())));
    }
    return new ServerProcess(List.copyOf(nodes), List.copyOf(pids));
  }

  /// The process of the first node.
  public long pid() {
    return nodes.getFirst();
  }

  /// The processes of all nodes.
  public List<Long> nodes() {
    return nodes;
  }

  /// The command line that started it, words separated by spaces.
  public String command() {
    return read(pid(), "cmdline").replace('\0', ' ').strip();
  }

  /// Sends a process a signal by its name, such as `KILL`; throws a refusal if that is not allowed.
  public static void signal(long pid, String signal) {
    try {
      Process kill = new ProcessBuilder("kill", "-" + signal, Long.toString(pid)).start();
      if (kill.waitFor() != 0) {
        throw new Refusal("Process " + pid + " did not accept the signal " + signal + ".");
      }
    } catch (IOException e) {
      throw new Refusal("The program kill cannot be run: " + e.getMessage() + ".");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Refusal("Interrupted while sending a signal.");
    }
  }

  public CpuTime cpu() {
    CpuTime sum = new CpuTime(0, 0);
    for (long each : pids) {
      sum = sum.plus(parseStat(read(each, "stat")));
    }
    return sum;
  }

  /// Seconds each thread was ready to run but waited for a core; grows when other processes use the
  /// machine. Empty if the kernel does not report it.
  public Map<Path, Double> waited() {
    Map<Path, Double> waited = new HashMap<>();
    for (long each : pids) {
      for (Path task : tasks(each)) {
        waited.put(task, parseWaited(read(task.resolve("schedstat"))));
      }
    }
    return waited;
  }

  /// The same for the calling thread.
  public static double selfWaited() {
    return parseWaited(read(Path.of("/proc/thread-self/schedstat")));
  }

  /// What the JIT compilers use of its time.
  public Compilers compilers() {
    return new Compilers(() -> pids.stream().flatMap(each -> tasks(each).stream()).toList());
  }

  /// Resident memory, bytes.
  public long rss() {
    long sum = 0;
    for (long each : pids) {
      sum += parseRss(read(each, "status"));
    }
    return sum;
  }

  /// When the process was started, clock ticks since the machine's start; 0 if it is gone. With the
  /// id it identifies a process, since ids are used again.
  public long startTicks() {
    return parseStartTicks(read(pid(), "stat"));
  }

  /// Files that the process has open, sockets included; 0 if it is gone or another user's.
  public int openFiles() {
    try (Stream<Path> files = Files.list(Path.of("/proc", Long.toString(pid()), "fd"))) {
      return (int) files.count();
    } catch (IOException | UncheckedIOException e) {
      return 0;
    }
  }

  /// The most files that it may have open; 0 if that is unknown or unlimited.
  public long fileLimit() {
    return parseFileLimit(read(pid(), "limits"));
  }

  /// The same for this process.
  public static long ownFileLimit() {
    return parseFileLimit(read(Path.of("/proc/self/limits")));
  }

  /// Resident memory and, of a JVM of this user, live heap. Collects garbage and pauses the server;
  /// never call it while measuring.
  public Memory memory() {
    OptionalLong heap = isJvm() ? sum(jvms(), Jvm::liveHeap) : OptionalLong.empty();
    // Last, because a collection may release memory.
    return new Memory(rss(), heap, OptionalLong.empty());
  }

  /// The same with direct buffers. A JVM starts its management agent for that, which costs it a
  /// megabyte or two the first time.
  public Memory memoryWithBuffers() {
    if (!isJvm()) {
      return memory();
    }
    List<Jvm> jvms = jvms();
    jvms.forEach(Jvm::startManagement);
    OptionalLong heap = sum(jvms, Jvm::liveHeap);
    OptionalLong direct = sum(jvms, Jvm::directBuffers);
    return new Memory(rss(), heap, direct);
  }

  /// The sum over all nodes; empty if it is unknown for one of them.
  private static OptionalLong sum(List<Jvm> jvms, Function<Jvm, OptionalLong> value) {
    long sum = 0;
    for (Jvm jvm : jvms) {
      OptionalLong each = value.apply(jvm);
      if (each.isEmpty()) {
        return each;
      }
      sum += each.getAsLong();
    }
    return OptionalLong.of(sum);
  }

  private List<Jvm> jvms() {
    return nodes.stream().map(Jvm::new).toList();
  }

  private boolean isJvm() {
    return nodes.stream().allMatch(node -> read(node, "comm").strip().equals("java"));
  }

  static CpuTime parseStat(String stat) {
    // The name in parentheses may contain anything; after it come the state (field 3) and so on.
    int nameEnd = stat.lastIndexOf(')');
    if (nameEnd < 0) {
      return new CpuTime(0, 0);
    }
    String[] fields = stat.substring(nameEnd + 2).split(" ", -1);
    return new CpuTime(Long.parseLong(fields[11]) / TICKS, Long.parseLong(fields[12]) / TICKS);
  }

  static long parseStartTicks(String stat) {
    int nameEnd = stat.lastIndexOf(')');
    return nameEnd < 0 ? 0 : Long.parseLong(stat.substring(nameEnd + 2).split(" ", -1)[19]);
  }

  static long parseFileLimit(String limits) {
    for (String line : limits.lines().toList()) {
      if (line.startsWith("Max open files")) {
        String soft = line.replace("Max open files", "").strip().split("\\s+", -1)[0];
        return soft.equals("unlimited") ? 0 : Long.parseLong(soft);
      }
    }
    return 0;
  }

  /// Three numbers: nanoseconds on a core, nanoseconds waiting for one, turns.
  static double parseWaited(String schedstat) {
    String[] fields = schedstat.split(" ", -1);
    return fields.length < 2 ? 0 : Long.parseLong(fields[1]) / NS_PER_SECOND;
  }

  /// The first of those numbers.
  static double parseUsed(String schedstat) {
    String[] fields = schedstat.split(" ", -1);
    return fields.length < 2 ? 0 : Long.parseLong(fields[0]) / NS_PER_SECOND;
  }

  static long parseRss(String status) {
    for (String line : status.lines().toList()) {
      if (line.startsWith("VmRSS:")) {
        return Long.parseLong(line.replaceAll("\\D", "")) * 1_024;
      }
    }
    return 0;
  }

  /// A child that has exited reads as empty.
  private static String read(long pid, String file) {
    return read(Path.of("/proc", Long.toString(pid), file));
  }

  private static List<Path> tasks(long pid) {
    try (Stream<Path> tasks = Files.list(Path.of("/proc", Long.toString(pid), "task"))) {
      return tasks.toList();
    } catch (IOException e) {
      return List.of();
    }
  }

  static String read(Path file) {
    try {
      return Files.readString(file, ISO);
    } catch (IOException e) {
      return "";
    }
  }
}
