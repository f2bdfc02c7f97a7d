package dev.fanfare.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.testing.Programs;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The launcher and the options in `server/lib` with a real JVM: which collector the process ends
/// up with. The commands end without starting a server.
final class CollectorChoiceTest {

  private static final String SERIAL = "Using Serial";
  private static final String Z = "Using The Z Garbage Collector";
  private static final String LARGE = "-Xmx1100m -Xlog:gc";
  private static final String SMALL = "-Xmx900m -Xlog:gc";

  @TempDir Path root;
  private Path lib;

  /// An unpacked archive with the classes of this test run.
  @BeforeEach
  void install() throws IOException {
    Path bin = Files.createDirectories(root.resolve("fanfare/bin"));
    lib = Files.createDirectories(root.resolve("fanfare/lib"));
    Files.copy(Path.of("bin/fanfare"), bin.resolve("fanfare"));
    for (String name : List.of("memory", "large", "always")) {
      Files.copy(Path.of("lib", name + ".options"), lib.resolve(name + ".options"));
    }
    Manifest manifest = new Manifest();
    Attributes attributes = manifest.getMainAttributes();
    attributes.put(Attributes.Name.MANIFEST_VERSION, "1.0");
    attributes.put(Attributes.Name.MAIN_CLASS, Main.class.getName());
    attributes.put(
        Attributes.Name.CLASS_PATH,
        Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator, -1))
            .map(entry -> Path.of(entry).toUri().toString())
            .collect(Collectors.joining(" ")));
    OutputStream file = Files.newOutputStream(lib.resolve("fanfare.jar"));
    new JarOutputStream(file, manifest).close();
  }

  private String launch(String jvmOptions, String... arguments) throws IOException {
    return run(
        Map.of("JDK_JAVA_OPTIONS", jvmOptions),
        concat(List.of(root.resolve("fanfare/bin/fanfare").toString()), arguments));
  }

  private static List<String> concat(List<String> first, String... second) {
    return Stream.concat(first.stream(), Arrays.stream(second)).toList();
  }

  private static String run(Map<String, String> environment, List<String> command)
      throws IOException {
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    builder.environment().putAll(environment);
    Process process = builder.start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(Programs.waitFor(process)).as(output).isZero();
    return output;
  }

  @Test
  void aServerWithALargeHeapGetsAnotherCollector() throws IOException {
    assertThat(launch(LARGE, "start", "--help")).containsSubsequence(SERIAL, Z, "Start the server");
    assertThat(launch(LARGE, "--port", "1", "", "ü", "--help"))
        .as("arguments are kept")
        .containsSubsequence(SERIAL, Z, "Start the server");
  }

  @Test
  void aServerWithASmallHeapKeepsTheSerialCollector() throws IOException {
    assertThat(launch(SMALL, "start", "--help"))
        .containsSubsequence(SERIAL, "Start the server")
        .doesNotContain(Z);
  }

  @Test
  void otherCommandsKeepTheSerialCollector() throws IOException {
    assertThat(launch(LARGE, "health", "--help"))
        .containsSubsequence(SERIAL, "Check readiness")
        .doesNotContain(Z);
    assertThat(launch(LARGE, "--version")).contains(SERIAL, "Fanfare ").doesNotContain(Z);
  }

  @Test
  void aChosenCollectorIsKept() throws IOException {
    String chosen = "@" + lib + "/memory.options";
    assertThat(
            run(
                Map.of("JDK_JAVA_OPTIONS", LARGE, "FANFARE_JVM_OPTIONS", chosen),
                List.of(root.resolve("fanfare/bin/fanfare").toString(), "start", "--help")))
        .contains(SERIAL)
        .doesNotContain(Z);
    Files.writeString(lib.resolve("memory.options"), "-XX:+UseG1GC");
    assertThat(launch(LARGE, "start", "--help"))
        .as("as mounted into the image")
        .contains("Using G1")
        .doesNotContain(Z);
  }

  /// The image's options name an AOT cache, which a JVM with the other collector would reject with
  /// a warning.
  @Test
  void theImageLeavesItsCacheAside() throws IOException {
    String jar = lib.resolve("fanfare.jar").toString();
    String always = Files.readString(lib.resolve("always.options"));
    Files.writeString(
        lib.resolve("image.options"),
        always + "-Dfanfare.collector=by-heap -XX:AOTCache=/nowhere/fanfare.aot -jar " + jar);
    Files.writeString(lib.resolve("image-large.options"), always + "-jar " + jar);
    List<String> entrypoint =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "@" + lib + "/memory.options",
            "@" + lib + "/image.options",
            "start",
            "--help");
    String output = run(Map.of("JDK_JAVA_OPTIONS", LARGE), entrypoint);
    assertThat(output).containsSubsequence(SERIAL, Z, "Start the server");
    assertThat(output.substring(output.indexOf(Z))).doesNotContain("/nowhere/");
  }
}
