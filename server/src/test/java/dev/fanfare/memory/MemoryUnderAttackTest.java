package dev.fanfare.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fanfare.app.App;
import dev.fanfare.app.AppOptions;
import dev.fanfare.app.Secret;
import dev.fanfare.protocol.Limits;
import dev.fanfare.testing.RawHttp;
import dev.fanfare.testing.RawSocket;
import dev.fanfare.testing.RunningServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// A server with a heap of 128 MB, and crowds that want all of its memory: it stays within its
/// shares, never fails to allocate, and bystanders lose nothing. How long their rounds take is
/// appended to the file of `-Dfanfare.memory.report`; it decides nothing.
///
/// `-Dfanfare.memory.heap=256 -Dfanfare.memory.sockets=2000` for larger ones.
final class MemoryUnderAttackTest {

  private static final int HEAP_MB = Integer.getInteger("fanfare.memory.heap", 128);
  private static final int SOCKETS = Integer.getInteger("fanfare.memory.sockets", 120);
  private static final int MB = 1 << 20;

  private static final App APP =
      new App("1", "memory-key", new Secret("memory-secret"), AppOptions.DEFAULTS, Limits.HOSTED);

  private static final Map<String, String> CONFIGURATION =
      Map.of(
          "FANFARE_APPS", "memory-key:memory-secret@1",
          "FANFARE_MAX_PENDING_BYTES", "1048576",
          "FANFARE_LANES", "2");

  /// What the crowd does.
  private enum Attack {
    /// Bodies of 1 MiB less one byte, signed.
    HALF_BODIES("requests", SOCKETS),
    /// The same without a valid signature.
    FORGED_BODIES("requests", SOCKETS),
    /// Messages of 128 KiB in many fragments, without the last.
    HALF_MESSAGES("requests", 3 * SOCKETS),
    /// Frames of 128 KiB without their last byte.
    HALF_FRAMES("requests", SOCKETS),
    /// Heads with thousands of headers and no end.
    HALF_HEADS("requests", SOCKETS),
    /// Requests whose answers are as long as they are, and are not read. Senders block until they
    /// are cut, so there are few.
    UNREAD_ANSWERS("backlog", Math.min(SOCKETS, 120)),
    /// Clients that are subscribed to a busy channel each, and do not read.
    UNREAD_EVENTS("backlog", SOCKETS / 2);

    private final String share;
    private final int sockets;

    Attack(String share, int sockets) {
      this.share = share;
      this.sockets = sockets;
    }
  }

  @ParameterizedTest
  @EnumSource(Attack.class)
  void bystandersLoseNothing(Attack attack) throws Exception {
    String jvm = "-XX:+UseSerialGC -Xmn32m -Xmx" + HEAP_MB + "m -XX:+ExitOnOutOfMemoryError";
    try (RunningServer server = RunningServer.start(jvm, CONFIGURATION);
        Bystanders bystanders = new Bystanders(server.port(), APP)) {
      try (Crowd crowd = new Crowd(server.port())) {
        crowd.act(attack.sockets, (socket, number) -> act(attack, server, socket, number));
        assertThat(held(server, "bytes", attack.share))
            .isLessThanOrEqualTo(held(server, "limit_bytes", attack.share) * 17 / 16);
        report(attack, bystanders.finish());
      }
      await()
          .atMost(Duration.ofSeconds(15))
          .untilAsserted(() -> assertThat(held(server, "bytes", attack.share)).isZero());
      assertThat(server.output())
          .noneMatch(line -> line.contains("OutOfDirectMemoryError") || line.contains(" ERROR "));
    }
  }

  private static void act(Attack attack, RunningServer server, RawSocket socket, int number)
      throws IOException {
    switch (attack) {
      case HALF_BODIES -> socket.send(body(true));
      case FORGED_BODIES -> socket.send(body(false));
      case HALF_HEADS -> socket.send("GET /live HTTP/1.1\r\nHost: a\r\n" + "a:b\r\n".repeat(2_500));
      case HALF_MESSAGES -> {
        socket.establish(APP.key());
        socket.sendFrame(RawSocket.TEXT, false, new byte[1_000]);
        for (int i = 0; i < 13; i++) {
          socket.sendFrame(RawSocket.CONTINUATION, false, new byte[10_000]);
        }
      }
      case HALF_FRAMES -> {
        socket.establish(APP.key());
        byte[] frame = RawSocket.frame(0x81, true, new byte[131_000]);
        socket.send(Arrays.copyOf(frame, frame.length - 1));
      }
      case UNREAD_ANSWERS -> {
        String request = RawHttp.request("GET", "/" + "x".repeat(15_000), "");
        for (int i = 0; i < 150; i++) {
          socket.send(request); // blocks at some time, since the server stops reading, too
        }
      }
      case UNREAD_EVENTS -> {
        String channel = "busy-" + number;
        socket.establish(APP.key());
        socket.subscribe(channel);
        socket.nextTextContaining("subscription_succeeded");
        try (RawHttp http = new RawHttp(server.port())) {
          String event =
              "{\"name\":\"e\",\"channel\":\""
                  + channel
                  + "\",\"data\":\""
                  + "x".repeat(10_000)
                  + "\"}";
          for (int i = 0; i < 130; i++) {
            assertThat(http.send(RawHttp.signed(APP, "POST", "/events", event)).next().status())
                .isIn(200, 503);
          }
        }
      }
    }
  }

  /// A publish of 1 MiB without its last byte.
  private static String body(boolean isSigned) {
    String body = " ".repeat(MB);
    String request = RawHttp.signed(APP, "POST", "/events", body);
    String sent = request.substring(0, request.length() - 1);
    return isSigned ? sent : sent.replaceFirst("auth_signature=\\w{8}", "auth_signature=00000000");
  }

  private static long held(RunningServer server, String what, String share) throws IOException {
    try (RawHttp http = new RawHttp(server.metricsPort())) {
      http.send(RawHttp.request("GET", "/metrics", "", "Connection: close"));
      String page = http.next().body();
      String name = "fanfare_memory_held_" + what + "{share=\"" + share + "\"} ";
      Matcher value =
          Pattern.compile("^" + Pattern.quote(name) + "(\\S+)$", Pattern.MULTILINE).matcher(page);
      assertThat(value.find()).as(page).isTrue();
      return (long) Double.parseDouble(value.group(1));
    }
  }

  private static void report(Attack attack, String rounds) throws IOException {
    String file = System.getProperty("fanfare.memory.report");
    if (file != null) {
      String line =
          HEAP_MB + " MB, " + attack.sockets + " sockets, " + attack + ": " + rounds + "\n";
      Files.writeString(Path.of(file), line, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }
  }

  @Test
  void aServerOfTheSmallestHeapStartsAndServes() throws Exception {
    try (RunningServer server =
            RunningServer.start("-XX:+UseSerialGC -Xmx96m -Xmn16m", CONFIGURATION);
        Bystanders bystanders = new Bystanders(server.port(), APP)) {
      assertThat(bystanders.finish()).contains("rounds");
    }
  }
}
