package dev.fanfare.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.config.Config;
import dev.fanfare.config.ConfigReader;
import dev.fanfare.config.Reading;
import dev.fanfare.console.act.ConfigView;
import dev.fanfare.console.act.DoctorRuns;
import dev.fanfare.protocol.Parsed;
import dev.fanfare.testing.TestNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What the console shows of the configuration, and of its file.
final class RunningProgramTest {

  private static final String BEFORE =
      """
      server: {port: 6001, log_level: info}
      apps:
        - {id: "1", key: a, secret: hush-1234}
      """;

  @TempDir private Path folder;

  private final ConfigReader reader = new ConfigReader(Map.of("FANFARE_LANES", "2"));

  private final TestNode node = TestNode.start();

  private Path file = Path.of("");

  @AfterEach
  void stop() {
    node.close();
  }

  @BeforeEach
  void write() throws IOException {
    file = Files.writeString(folder.resolve("f.yaml"), BEFORE);
  }

  private Config read() {
    return ((Reading.Good) reader.read(file, Map.of())).config();
  }

  private ConfigView view(Config started, Config current) {
    return new RunningProgram(
            () -> reader.read(file, Map.of()),
            started,
            () -> current,
            file.toString(),
            new ConsoleDoctor(started, node.server()))
        .config();
  }

  private static List<String> differences(ConfigView view) {
    ConfigView.OfFile onDisk = view.file();
    assertThat(onDisk).isNotNull();
    return onDisk == null ? List.of() : onDisk.differences();
  }

  @Test
  void eachValueHasASource() {
    Config config = read();
    ConfigView view = view(config, config);
    assertThat(view.sources())
        .contains(
            new ConfigView.Origin("server.port", "file " + file + ":1:16"),
            new ConfigView.Origin("server.lanes", "variable FANFARE_LANES"),
            new ConfigView.Origin("server.host", "default"),
            new ConfigView.Origin("apps.1.key", "file " + file + ":3:20"),
            new ConfigView.Origin("apps.1.limits.max_event_bytes", "default"));
    assertThat(view.yaml()).contains("  port: 6001", "secret: \"********\"").doesNotContain("hush");
    assertThat(view.restart()).isEmpty();
    assertThat(differences(view)).isEmpty();
  }

  @Test
  void whatTheFileHasChangedIsNamed() throws IOException {
    Config config = read();
    Files.writeString(
        file,
        BEFORE.replace("6001", "6002").replace("info", "debug").replace("hush-1234", "hush-5678"));
    ConfigView view = view(config, config);
    assertThat(differences(view))
        .containsExactly(
            "server.port: 6001 -> 6002",
            "server.log_level: info -> debug",
            "apps.1.secret: \"********\" -> \"********\"");
    assertThat(view.restart()).containsExactly("server.port");
    assertThat(differences(view(config, read()))).as("after a reload").isEmpty();
    assertThat(view(config, read()).restart()).as("still").containsExactly("server.port");
  }

  @Test
  void whatIsWrongWithTheFileIsNamed() throws IOException {
    Config config = read();
    Files.writeString(file, BEFORE.replace("6001", "hush"));
    assertThat(differences(view(config, config))).hasSize(1).first().asString().contains("port");
    Files.delete(file);
    assertThat(differences(view(config, config))).hasSize(1);
  }

  /// The doctor examines the server that it is part of, and reveals no secret.
  @Test
  void theDoctorExaminesThisServer() {
    List<DoctorRuns.Step> steps = new ArrayList<>();
    Parsed<DoctorRuns.Examination> examination =
        new ConsoleDoctor(read(), node.server()).examination(node.app(), null);
    String block = ((Parsed.Ok<DoctorRuns.Examination>) examination).value().run(steps::add);
    assertThat(block).isNull();
    assertThat(steps)
        .extracting(step -> step.name() + " " + step.result())
        .contains("tcp ok", "handshake ok", "private ok", "delivery ok", "tls skipped");
    assertThat(steps.toString()).doesNotContain(node.app().secret().reveal());
  }

  @Test
  void anotherUrlMustBeOne() {
    assertThat(new ConsoleDoctor(read(), node.server()).examination(node.app(), "ftp://x"))
        .isInstanceOf(Parsed.Bad.class);
  }
}
