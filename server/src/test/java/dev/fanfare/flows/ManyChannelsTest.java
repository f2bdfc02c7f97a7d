package dev.fanfare.flows;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.app.App;
import dev.fanfare.testing.Api;
import dev.fanfare.testing.RawHttp;
import dev.fanfare.testing.RawSocket;
import dev.fanfare.testing.TestNode;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// `GET /channels` of an app with so many channels that the answer is computed off the lane and
/// sent in slices.
final class ManyChannelsTest {

  private static final int CHANNELS = 3_000;
  private static final String LONG = "x".repeat(150);
  private static final App APP =
      TestNode.APP.withLimits(
          TestNode.APP.limits().withMaxSubscriptions(0).withMaxSubscriptionChangesPerSecond(0));

  private TestNode node;
  private RawSocket client;
  private final Set<String> names = new TreeSet<>();

  @BeforeEach
  void subscribe() throws IOException {
    node = TestNode.start(APP);
    client = node.connect();
    for (int i = 0; i < CHANNELS; i++) {
      String name = "room-" + i + "-" + LONG;
      names.add(name);
      client.subscribe(name);
    }
    for (int i = 0; i < CHANNELS; i++) {
      var _ = client.nextTextContaining("subscription_succeeded");
    }
  }

  @AfterEach
  void stop() throws IOException {
    client.close();
    node.close();
  }

  private static Set<String> channels(RawHttp.Answer answer) {
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.body()).startsWith("{\"channels\":{\"").endsWith("\":{}}}");
    String listed = answer.body().substring(14, answer.body().length() - 6);
    return new TreeSet<>(List.of(listed.split("\":\\{},\"")));
  }

  @Test
  void allAreListedAndTheConnectionStaysUsable() throws IOException {
    try (RawHttp http = new RawHttp(node.port())) {
      String list = RawHttp.signed(APP, "GET", "/channels", "");
      for (int i = 0; i < 2; i++) {
        assertThat(channels(http.send(list).next())).isEqualTo(names);
      }
      http.send(RawHttp.request("GET", "/live", ""));
      assertThat(http.next().status()).isEqualTo(200);
    }
  }

  /// The kernel's buffers hold some of the answers, the server holds back the rest; meanwhile it
  /// answers others.
  @Test
  void aReaderWhoIsLateGetsEverythingInOrder() throws IOException {
    int lists = 12;
    try (RawHttp late = new RawHttp(node.port());
        RawHttp other = new RawHttp(node.port())) {
      String list = RawHttp.signed(APP, "GET", "/channels", "");
      late.send(list.repeat(lists) + RawHttp.request("GET", "/live", "", "Connection: close"));
      for (int i = 0; i < 20; i++) {
        other.send(RawHttp.request("GET", "/live", ""));
        assertThat(other.next().status()).isEqualTo(200);
      }
      for (int i = 0; i < lists; i++) {
        assertThat(channels(late.next())).isEqualTo(names);
      }
      assertThat(late.next().body()).isEqualTo("OK");
      assertThat(late.isEnded()).isTrue();
    }
  }

  @Test
  void theLastAnswerOfAConnectionIsComplete() throws IOException {
    try (RawHttp http = new RawHttp(node.port())) {
      http.send(RawHttp.signed(APP, "GET", "/channels", "", "Connection: close"));
      RawHttp.Answer answer = http.next();
      assertThat(answer.header("Connection")).isEqualToIgnoringCase("close");
      assertThat(channels(answer)).isEqualTo(names);
      assertThat(http.isEnded()).isTrue();
    }
  }

  @Test
  void aPrefixAndCountsAreRespected() throws IOException {
    try (RawHttp http = new RawHttp(node.port())) {
      String target = "/apps/" + APP.id() + "/channels";
      String query =
          Api.signedQuery(
              APP,
              "GET",
              target,
              "filter_by_prefix=room-7-&info=subscription_count",
              "",
              System.currentTimeMillis() / 1_000);
      http.send(RawHttp.request("GET", target + "?" + query, ""));
      assertThat(http.next().body())
          .isEqualTo("{\"channels\":{\"room-7-" + LONG + "\":{\"subscription_count\":1}}}");
    }
  }
}
