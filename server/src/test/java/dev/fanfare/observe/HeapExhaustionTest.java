package dev.fanfare.observe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.app.App;
import dev.fanfare.app.AppOptions;
import dev.fanfare.app.Secret;
import dev.fanfare.protocol.Limits;
import dev.fanfare.testing.RawHttp;
import dev.fanfare.testing.RawSocket;
import dev.fanfare.testing.RunningServer;
import dev.fanfare.testing.ServerProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// A full heap ends the process, whether the JVM notices or the server does.
final class HeapExhaustionTest {

  private static final String SECRET = "exhaustion-secret";
  private static final App APP =
      new App("1", "exhaustion-key", new Secret(SECRET), AppOptions.DEFAULTS, Limits.HOSTED);

  /// More than the heap; a body waits outside of it until it is complete.
  private static final int HUGE = 60_000_000;

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String MEMORY = "-XX:+UseSerialGC -Xmx48m -XX:MaxDirectMemorySize=1g ";
  private static final String BY_SERVER =
      "fanfare: the heap is full (java.lang.OutOfMemoryError), exiting with code 3";
  private static final String BY_JVM =
      "Terminating due to java.lang.OutOfMemoryError: Java heap space";

  /// `always.options` is what the launcher, the archive and the image pass to the JVM.
  @ParameterizedTest
  @CsvSource({"'', message", "'', request", "@lib/always.options, message"})
  void aFullHeapEndsTheProcess(String options, String what) throws Exception {
    try (RunningServer server =
        RunningServer.start(
            MEMORY + options,
            Map.of(
                "FANFARE_APPS", APP.key() + ":" + SECRET + "@" + APP.id(),
                "FANFARE_MAX_MESSAGE_BYTES", "100000000",
                "FANFARE_MAX_REQUEST_BYTES", "100000000"))) {
      if (what.equals("message")) {
        sendMessage(server.port());
      } else {
        sendRequest(server.port());
      }
      assertThat(server.exitCode()).isEqualTo(3);
      assertThat(server.output()).contains(options.isEmpty() ? BY_SERVER : BY_JVM);
    }
  }

  private static void sendMessage(int port) throws IOException {
    try (RawSocket client = ServerProcess.connect(port, APP.key())) {
      client.sendFrame(RawSocket.TEXT, true, new byte[HUGE]);
      assertThat(client.isEnded()).isTrue();
    }
  }

  private static void sendRequest(int port) throws IOException {
    try (RawSocket client = new RawSocket(port)) {
      client.patience(PATIENCE);
      client.send(RawHttp.signed(APP, "POST", "/events", " ".repeat(HUGE)));
      assertThat(client.isEnded()).isTrue();
    }
  }

  @Test
  void onlyTheHeapIsMeant() {
    assertThat(HeapExhaustion.isCause(new OutOfMemoryError("Java heap space"))).isTrue();
    assertThat(HeapExhaustion.isCause(new OutOfMemoryError("Metaspace"))).isTrue();
    Throwable wrapped = new IllegalStateException(new OutOfMemoryError("Java heap space"));
    assertThat(HeapExhaustion.isCause(wrapped)).isTrue();
    assertThat(HeapExhaustion.isCause(null)).isFalse();
    assertThat(HeapExhaustion.isCause(new StackOverflowError())).isFalse();
    assertThat(HeapExhaustion.isCause(new OutOfMemoryError())).isFalse();
    assertThat(
            HeapExhaustion.isCause(
                new OutOfMemoryError("Cannot reserve 8 bytes of direct buffer memory")))
        .isFalse();
    assertThat(HeapExhaustion.isCause(new OutOfMemoryError("unable to create native thread")))
        .isFalse();
  }

  /// Code that catches an `Error` and goes on must ask first, or leave it to a method that does.
  @Test
  void everyCatchOfAnErrorAsks() throws IOException {
    Pattern silent =
        Pattern.compile(
            "catch \\((?:[A-Za-z| ]*\\bError|Throwable) \\w+\\) \\{\\s++"
                + "(?!HeapExhaustion\\.exitIf\\(|return failed\\(|report\\()[^\\n]*");
    List<String> found = new ArrayList<>();
    try (Stream<Path> files = Files.walk(Path.of("src/main/java"))) {
      for (Path file : files.filter(path -> path.toString().endsWith(".java")).toList()) {
        silent
            .matcher(Files.readString(file))
            .results()
            .forEach(match -> found.add(file.getFileName() + ": " + match.group()));
      }
    }
    assertThat(found).isEmpty();
  }
}
