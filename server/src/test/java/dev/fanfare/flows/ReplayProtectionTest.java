package dev.fanfare.flows;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.app.App;
import dev.fanfare.app.AppOptions;
import dev.fanfare.testing.RawHttp;
import dev.fanfare.testing.RawSocket;
import dev.fanfare.testing.TestNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// With `replay_protection` a recorded request cannot be sent again.
@Tag("one-node")
final class ReplayProtectionTest {

  private static final App APP =
      PlainApp.APP.withOptions(AppOptions.DEFAULTS.withReplayProtection(true));
  private static final App CAREFREE = PlainApp.OTHER;
  private static final String EVENT = "{\"name\":\"e\",\"channel\":\"c\",\"data\":\"d\"}";
  private static final String USED =
      "Signature used before: this request was already received, and the app has"
          + " replay_protection. Sign each request separately, with its own timestamp";

  private static TestNode node;

  @BeforeAll
  static void start() {
    node = TestNode.start(APP, CAREFREE);
  }

  @AfterAll
  static void stop() {
    node.close();
  }

  private static String answer(String request) throws IOException {
    try (RawHttp http = new RawHttp(node.port())) {
      RawHttp.Answer answer = http.send(request).next();
      return answer.line();
    }
  }

  @Test
  void aRepeatedRequestIsRefusedAndPublishesNothing() throws IOException {
    String publish = RawHttp.signed(APP, "POST", "/events", EVENT);
    String list = RawHttp.signed(APP, "GET", "/channels", "");
    try (RawSocket subscriber = PlainApp.subscriber(node, "c")) {
      assertThat(answer(publish)).isEqualTo("200 {}");
      assertThat(answer(list)).startsWith("200 ");
      assertThat(answer(publish)).isEqualTo("401 " + USED);
      assertThat(answer(list)).isEqualTo("401 " + USED);
      assertThat(subscriber.nextText()).contains("\"event\":\"e\"");
      subscriber.expectNothing();
    }
  }

  @Test
  void aRefusedRequestDoesNotUseUpItsSignature() throws IOException {
    String good = RawHttp.signed(APP, "POST", "/events", EVENT.replace("\"d\"", "\"x\""));
    assertThat(answer(good.replace("\"x\"", "\"y\""))).startsWith("401 Invalid body_md5");
    assertThat(answer(good)).isEqualTo("200 {}");
  }

  @Test
  void anotherAppOfTheServerMayRepeatRequests() throws IOException {
    String publish = RawHttp.signed(CAREFREE, "POST", "/events", EVENT);
    assertThat(answer(publish)).isEqualTo("200 {}");
    assertThat(answer(publish)).isEqualTo("200 {}");
  }

  @Test
  void ofManyAtOnceExactlyOneSucceeds() throws Exception {
    String publish = RawHttp.signed(APP, "POST", "/events", EVENT.replace("\"d\"", "\"once\""));
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<String>> answers =
          IntStream.range(0, 50).mapToObj(_ -> threads.submit(() -> quietly(publish))).toList();
      int obeyed = 0;
      for (Future<String> answer : answers) {
        obeyed += answer.get().startsWith("200 ") ? 1 : 0;
      }
      assertThat(obeyed).isEqualTo(1);
    }
  }

  private static String quietly(String request) {
    try {
      return answer(request);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
