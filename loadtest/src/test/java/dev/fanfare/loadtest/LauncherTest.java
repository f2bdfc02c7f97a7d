package dev.fanfare.loadtest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `loadtest/bin/fanfare-loadtest` in a copy of the tree, with programs that print how they were
/// called.
final class LauncherTest {

  private static final String JAVA =
      "#!/bin/sh\n[ \"$1\" = -version ] && echo 'openjdk version \"%s\"' && exit\necho %s \"$@\"\n";

  @TempDir private Path root;
  private Path jar;

  @BeforeEach
  void copyTheTree() throws IOException {
    Files.createDirectories(root.resolve("loadtest/bin"));
    Files.copy(Path.of("bin/fanfare-loadtest"), root.resolve("loadtest/bin/fanfare-loadtest"));
    for (String folder : List.of("protocol/src/main", "loadtest/src/main", "tools")) {
      Files.createDirectories(root.resolve(folder));
    }
    for (String pom : List.of("pom.xml", "protocol/pom.xml", "loadtest/pom.xml")) {
      Files.createFile(root.resolve(pom));
    }
    jar = Files.createDirectories(root.resolve("loadtest/target")).resolve("fanfare-loadtest.jar");
    program(root.resolve("jdk/bin/java"), JAVA.formatted("25.0.1", "jdk"));
    program(root.resolve("tools/java"), JAVA.formatted("17.0.15", "old"));
    program(root.resolve("tools/mvn"), "#!/bin/sh\necho mvn \"$@\"\ntouch " + jar + "\n");
  }

  private static void program(Path file, String text) throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private String launch(String... arguments) throws IOException, InterruptedException {
    ProcessBuilder builder =
        new ProcessBuilder(root.resolve("loadtest/bin/fanfare-loadtest").toString());
    builder.command().addAll(List.of(arguments));
    builder.environment().put("JAVA_HOME", root.resolve("jdk").toString());
    builder.environment().put("PATH", root.resolve("tools") + ":/usr/bin:/bin");
    Process process = builder.redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return output.strip() + " = " + process.waitFor();
  }

  private void jarIsNewerThanItsSources() throws IOException {
    Files.createFile(jar);
    Files.setLastModifiedTime(jar, FileTime.from(Instant.now().plusSeconds(60)));
  }

  @Test
  void argumentsReachTheProgramOnTheNewerJava() throws IOException, InterruptedException {
    jarIsNewerThanItsSources();
    assertThat(launch("fanout", "--name", "a b"))
        .isEqualTo("jdk -jar %s fanout --name a b = 0".formatted(jar));
  }

  @Test
  void jarIsBuiltWhenMissing() throws IOException, InterruptedException {
    assertThat(launch("--version"))
        .isEqualTo(
            """
            fanfare-loadtest: building loadtest/target/fanfare-loadtest.jar
            mvn -q -Pquick -Dmaven.test.skip=true package -pl loadtest -am
            jdk -jar %s --version = 0\
            """
                .formatted(jar));
  }

  @Test
  void jarIsBuiltWhenASourceIsNewer() throws IOException, InterruptedException {
    jarIsNewerThanItsSources();
    Path source = Files.createFile(root.resolve("protocol/src/main/New.java"));
    Files.setLastModifiedTime(source, FileTime.from(Instant.now().plusSeconds(120)));
    assertThat(launch("--version")).contains("mvn -q -Pquick -Dmaven.test.skip=true package");
  }

  @Test
  void failedBuildsAreReported() throws IOException, InterruptedException {
    program(root.resolve("tools/mvn"), "#!/bin/sh\nexit 1\n");
    assertThat(launch("--version")).endsWith("fanfare-loadtest: the build failed = 3");
  }
}
