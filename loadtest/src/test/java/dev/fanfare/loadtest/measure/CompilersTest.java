package dev.fanfare.loadtest.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CompilersTest {

  @TempDir Path proc;
  private final List<Path> threads = new ArrayList<>();
  private final Compilers compilers = new Compilers(() -> threads);

  /// As the kernel shows a thread.
  private void thread(String id, String name, long usedMs) throws IOException {
    Path folder = Files.createDirectories(proc.resolve(id));
    Files.writeString(folder.resolve("comm"), name + "\n");
    Files.writeString(folder.resolve("schedstat"), usedMs * 1_000_000 + " 77 5\n");
    if (!threads.contains(folder)) {
      threads.add(folder);
    }
  }

  @Test
  void eachCompilersTimeIsCountedFromTheBeginning() throws IOException {
    thread("1", "fanfare-lane-1", 9_000);
    thread("2", "C2 CompilerThre", 4_000);
    thread("3", "C1 CompilerThre", 1_000);
    compilers.begin();
    thread("1", "fanfare-lane-1", 19_000);
    thread("2", "C2 CompilerThre", 4_250);
    thread("3", "C1 CompilerThre", 1_100);
    compilers.read();
    compilers.read();
    assertThat(compilers.isThere()).isTrue();
    assertThat(compilers.c1()).isCloseTo(0.1, within(1e-9));
    assertThat(compilers.c2()).isCloseTo(0.25, within(1e-9));
  }

  /// The JVM starts and ends such threads as it needs them.
  @Test
  void threadsMayComeAndGo() throws IOException {
    thread("2", "C2 CompilerThre", 4_000);
    compilers.begin();
    thread("2", "C2 CompilerThre", 4_500);
    thread("4", "C2 CompilerThre", 300);
    compilers.read();
    threads.remove(proc.resolve("2"));
    thread("4", "C2 CompilerThre", 400);
    compilers.read();
    assertThat(compilers.c2()).isCloseTo(0.9, within(1e-9));
  }

  @Test
  void otherProgramsHaveNone() throws IOException {
    thread("1", "node", 9_000);
    compilers.begin();
    assertThat(compilers.isThere()).isFalse();
  }
}
