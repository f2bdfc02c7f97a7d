package dev.fanfare;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.testing.Programs;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `server/bin/fanfare` in a copy of the tree, with programs that only say how they were called.
final class LauncherTest {

  private static final String JAVA =
      "#!/bin/sh\n[ \"$1\" = -version ] && echo 'openjdk version \"%s\"' && exit\necho %s \"$@\"\n";

  /// Writes a cache at once, and then does what the placeholder says.
  private static final String RECORDING_JAVA =
      """
      #!/bin/sh
      [ "$1" = -version ] && echo 'openjdk version "25.0.1"' && exit
      for option; do
        case $option in -XX:AOTCacheOutput=*) echo recorded >"${option#*=}" ;; esac
      done
      echo "$@"
      %s
      """;

  @TempDir Path root;
  private Path jar;
  private Path tools;

  @BeforeEach
  void copyTheTree() throws IOException {
    Files.createDirectories(root.resolve("server/bin"));
    Files.copy(Path.of("bin/fanfare"), root.resolve("server/bin/fanfare"));
    jar = Files.createDirectories(root.resolve("server/target")).resolve("fanfare.jar");
    tools = Files.createDirectories(root.resolve("tools"));
    program(root.resolve("jdk/bin/java"), JAVA.formatted("25.0.1", "jdk"));
  }

  private static void program(Path file, String text) throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private String launch(String... arguments) throws IOException {
    return launch(Map.of(), arguments);
  }

  private String launch(Map<String, String> environment, String... arguments) throws IOException {
    ProcessBuilder builder = new ProcessBuilder(root.resolve("server/bin/fanfare").toString());
    builder.command().addAll(List.of(arguments));
    builder.environment().putAll(environment);
    builder.environment().put("JAVA_HOME", root.resolve("jdk").toString());
    builder.environment().put("PATH", tools + ":/usr/bin:/bin");
    Process process = builder.redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return output.strip() + " = " + Programs.waitFor(process);
  }

  @Test
  void argumentsReachTheServer() throws IOException {
    Files.createFile(jar);
    Path lib = root.resolve("server/lib");
    assertThat(launch("--port", "1 2"))
        .isEqualTo(
            "jdk @%s/memory.options -Dfanfare.collector=by-heap @%s/always.options"
                    .formatted(lib, lib)
                + " -jar %s --port 1 2 = 0".formatted(jar));
  }

  @Test
  void collectorAndHeapCanBeReplaced() throws IOException {
    Files.createFile(jar);
    assertThat(launch(Map.of("FANFARE_JVM_OPTIONS", "-XX:+UseZGC -Xmx4g")))
        .startsWith("jdk -XX:+UseZGC -Xmx4g @")
        .doesNotContain("memory.options", "by-heap");
  }

  @Test
  void whatWasRecordedIsUsedUntilTheJarChanges() throws IOException {
    Files.createFile(jar);
    Path cache = jar.resolveSibling("fanfare.aot");
    program(root.resolve("jdk/bin/java"), RECORDING_JAVA.formatted("exit 7"));
    assertThat(launch(Map.of("FANFARE_JVM_CACHE", "record"), "start")).endsWith(" start = 7");
    assertThat(cache).hasContent("recorded");
    program(root.resolve("jdk/bin/java"), JAVA.formatted("25.0.1", "jdk"));
    String option = " -XX:AOTCache=" + cache + " -Xlog:aot*=off,cds*=off ";
    assertThat(launch()).contains(option);
    assertThat(launch(Map.of("FANFARE_JVM_OPTIONS", "-Xmx4g"))).contains(option);
    assertThat(launch(Map.of("FANFARE_JVM_CACHE", "off"))).doesNotContain("AOT");
    for (long seconds : new long[] {-60, 60}) {
      Files.setLastModifiedTime(jar, FileTime.from(Instant.now().plusSeconds(seconds)));
      assertThat(launch()).as("another jar").doesNotContain("AOT");
    }
  }

  @Test
  void aCacheOfAJarThatIsReplacedMeanwhileIsDeleted() throws IOException {
    Files.createFile(jar);
    program(
        root.resolve("jdk/bin/java"),
        RECORDING_JAVA.formatted("touch -d @1 '" + jar.toString() + "'"));
    assertThat(launch(Map.of("FANFARE_JVM_CACHE", "record"))).endsWith(" = 0");
    assertThat(jar.getParent())
        .isDirectoryContaining("glob:**.jar")
        .isDirectoryNotContaining("glob:**.aot*");
  }

  @Test
  void aSignalEndsTheServerAndTheRecording() throws IOException {
    Files.createFile(jar);
    program(
        root.resolve("jdk/bin/java"),
        RECORDING_JAVA.formatted("trap 'exit 5' TERM; echo ready; while :; do sleep 0.1; done"));
    ProcessBuilder builder = new ProcessBuilder(root.resolve("server/bin/fanfare").toString());
    builder.environment().put("JAVA_HOME", root.resolve("jdk").toString());
    builder.environment().put("FANFARE_JVM_CACHE", "record");
    Process process = builder.start();
    BufferedReader output = process.inputReader();
    String line = output.readLine();
    while (line != null && !line.equals("ready")) {
      line = output.readLine();
    }
    process.toHandle().destroy();
    assertThat(Programs.waitFor(process)).isEqualTo(5);
    assertThat(jar.resolveSibling("fanfare.aot")).hasContent("recorded");
  }

  @Test
  void anUnpackedArchiveUsesWhatItHas() throws IOException {
    Path lib = Files.createDirectories(root.resolve("server/lib"));
    Files.createDirectories(lib.resolve("native"));
    jar = Files.createFile(lib.resolve("fanfare.jar"));
    program(root.resolve("pom.xml"), ""); // of another project, by chance
    program(root.resolve("server/runtime/bin/java"), JAVA.formatted("25.0.1", "ours"));
    assertThat(launch())
        .startsWith("ours @" + lib + "/memory.options -Dfanfare.collector=by-heap -Djava.library")
        .contains(" -Djava.library.path=" + lib + "/native @")
        .endsWith("-jar " + jar + " = 0");
  }

  @Test
  void anOldJavaIsPassedOver() throws IOException {
    Files.createFile(jar);
    program(root.resolve("jdk/bin/java"), JAVA.formatted("17.0.2", "old"));
    program(tools.resolve("java"), JAVA.formatted("26-ea", "new"));
    assertThat(launch()).startsWith("new @");
  }

  @Test
  void noJavaIsExplained() throws IOException {
    Files.createFile(jar);
    Path script = root.resolve("server/bin/fanfare");
    Files.writeString(
        script, Files.readString(script).replace("java_wanted=25", "java_wanted=999"));
    assertThat(launch())
        .isEqualTo(
            "fanfare: Java 999 or newer is needed."
                + " Install one, or set JAVA_HOME to where it is. = 1");
  }

  @Test
  void theJarIsBuiltWhenItIsMissingOrOld() throws IOException {
    Path source = root.resolve("server/src/main/A.java");
    for (String file : new String[] {"pom.xml", "protocol/pom.xml", "server/pom.xml"}) {
      program(root.resolve(file), "");
    }
    Files.createDirectories(root.resolve("protocol/src/main"));
    program(source, "");
    program(tools.resolve("mvn"), "#!/bin/sh\necho mvn \"$@\"\ntouch server/target/fanfare.jar\n");
    String built =
        "building server/target/fanfare.jar\n"
            + "mvn -q -Pquick -Dmaven.test.skip=true package -pl server -am";
    assertThat(launch()).contains(built).endsWith(" = 0");
    assertThat(launch()).doesNotContain("mvn").endsWith(" = 0");
    Files.setLastModifiedTime(source, FileTime.from(Instant.now().plusSeconds(60)));
    assertThat(launch()).contains(built);
  }

  @Test
  void aFailedBuildStartsNothing() throws IOException {
    program(root.resolve("pom.xml"), "");
    program(tools.resolve("mvn"), "#!/bin/sh\nexit 1\n");
    assertThat(launch()).endsWith("fanfare: the build failed = 1");
  }
}
