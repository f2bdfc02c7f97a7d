package dev.fanfare.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.testing.ServerProcess;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A server whose jar is overwritten while it runs, as a careless update does.
final class ReplacedJarTest {

  private static final int LIFE_SECONDS = 120;

  @TempDir Path folder;

  @Test
  void aServerWhoseJarWasReplacedEndsAfterSigterm() throws Exception {
    Path classes =
        Path.of(StartCommand.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    Path jar = folder.resolve("server.jar");
    pack(classes, jar);
    String classPath =
        System.getProperty("java.class.path").replace(classes.toString(), jar.toString());
    assertThat(classPath.split(File.pathSeparator, -1)).contains(jar.toString());
    Process server =
        ServerProcess.startFrom(classPath, LIFE_SECONDS, Map.of("FANFARE_HOST", "127.0.0.1"));
    try {
      ServerProcess.port(server);
      Files.write(jar, new byte[1_000]);
      server.destroy();
      assertThat(server.waitFor(LIFE_SECONDS, TimeUnit.SECONDS)).isTrue();
      assertThat(server.exitValue())
          .as(() -> server.inputReader().lines().toList().toString())
          .isEqualTo(Signals.HALFWAY);
    } finally {
      server.destroyForcibly();
    }
  }

  /// The log hangs too, because nothing reads what the process prints.
  @Test
  void aSecondSignalEndsAShutdownThatHangs() throws Exception {
    Path classes =
        Path.of(StartCommand.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    Path jar = folder.resolve("server.jar");
    pack(classes, jar);
    String classPath =
        System.getProperty("java.class.path").replace(classes.toString(), jar.toString());
    Process process =
        ServerProcess.startAs(HangingShutdown.class, classPath, LIFE_SECONDS, Map.of());
    try {
      BufferedReader output = process.inputReader();
      readUpTo(output, HangingShutdown.READY);
      process.toHandle().destroy();
      readUpTo(output, HangingShutdown.HANGING);
      Files.write(jar, new byte[1_000]);
      process.toHandle().destroy();
      assertThat(process.waitFor(LIFE_SECONDS, TimeUnit.SECONDS)).isTrue();
      assertThat(process.exitValue()).isEqualTo(Signals.IMPATIENT);
    } finally {
      process.destroyForcibly();
    }
  }

  private static void readUpTo(BufferedReader output, String expected) throws IOException {
    String line;
    do {
      line = output.readLine();
      assertThat(line).as("the process has ended before: %s", expected).isNotNull();
    } while (!line.contains(expected));
  }

  private static void pack(Path classes, Path jar) throws IOException {
    try (OutputStream file = Files.newOutputStream(jar);
        JarOutputStream out = new JarOutputStream(file);
        Stream<Path> paths = Files.walk(classes)) {
      for (Path path : paths.filter(Files::isRegularFile).toList()) {
        out.putNextEntry(new JarEntry(classes.relativize(path).toString()));
        Files.copy(path, out);
        out.closeEntry();
      }
    }
  }
}
