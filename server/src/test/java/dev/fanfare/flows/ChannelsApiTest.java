package dev.fanfare.flows;

import static dev.fanfare.flows.PlainApp.frame;
import static dev.fanfare.flows.PlainApp.line;
import static dev.fanfare.flows.PlainApp.member;
import static dev.fanfare.flows.PlainApp.subscriber;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fanfare.testing.Api;
import dev.fanfare.testing.ManualClock;
import dev.fanfare.testing.RawSocket;
import dev.fanfare.testing.TestNode;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Reads of channels (sections 6.6 to 6.8), each on a new node with a stopped clock.
final class ChannelsApiTest {

  private final ManualClock clock = new ManualClock();
  private TestNode node;
  private Api api;

  @BeforeEach
  void start() {
    node = TestNode.start(clock, PlainApp.APP);
    api = new Api(node);
  }

  @AfterEach
  void stop() {
    api.close();
    node.close();
  }

  private String get(String target) throws IOException {
    int mark = target.indexOf('?');
    return mark < 0
        ? line(api.get(target, ""))
        : line(api.get(target.substring(0, mark), target.substring(mark + 1)));
  }

  @Test
  void withoutChannelsTheObjectIsEmpty() throws IOException {
    assertThat(get("/channels")).isEqualTo("200 {\"channels\":{}}");
    assertThat(get("/channels?filter_by_prefix=presence-&info=user_count"))
        .isEqualTo("200 {\"channels\":{}}");
  }

  @Test
  void occupiedChannelsAreListedByPrefix() throws IOException {
    try (RawSocket one = subscriber(node, "my-channel");
        RawSocket two = member(node, "presence-a", "1");
        RawSocket three = member(node, "presence-a", "1");
        RawSocket four = member(node, "presence-a", "2")) {
      assertThat(get("/channels"))
          .isIn(
              "200 {\"channels\":{\"my-channel\":{},\"presence-a\":{}}}",
              "200 {\"channels\":{\"presence-a\":{},\"my-channel\":{}}}");
      assertThat(get("/channels?filter_by_prefix=my-"))
          .isEqualTo("200 {\"channels\":{\"my-channel\":{}}}");
      assertThat(get("/channels?filter_by_prefix=presence-&info=user_count"))
          .isEqualTo("200 {\"channels\":{\"presence-a\":{\"user_count\":2}}}");
      assertThat(get("/channels?filter_by_prefix=presence-&info=user_count,subscription_count"))
          .isEqualTo(
              "200 {\"channels\":{\"presence-a\":{\"user_count\":2,\"subscription_count\":3}}}");
      assertThat(get("/channels?filter_by_prefix=my&info=subscription_count"))
          .isEqualTo("200 {\"channels\":{\"my-channel\":{\"subscription_count\":1}}}");
      assertThat(get("/channels?filter_by_prefix=presence-b")).isEqualTo("200 {\"channels\":{}}");
      assertThat(one.socketId() + two.socketId() + three.socketId() + four.socketId()).isNotEmpty();
    }
  }

  @Test
  void channelsWithoutSubscribersAreNotListed() throws IOException {
    try (RawSocket stays = member(node, "presence-l", "1");
        RawSocket leaves = member(node, "presence-l", "2");
        RawSocket second = member(node, "presence-l", "1")) {
      stays.nextTextContaining("member_added");
      second.unsubscribe("presence-l");
      second.sendText("{\"event\":\"pusher:ping\"}");
      second.nextTextContaining("pusher:pong");
      assertThat(get("/channels/presence-l?info=user_count,subscription_count"))
          .isEqualTo("200 {\"occupied\":true,\"user_count\":2,\"subscription_count\":2}");
      leaves.sendClose(1000, "");
      stays.nextTextContaining("member_removed");
      assertThat(get("/channels/presence-l?info=user_count,subscription_count"))
          .isEqualTo("200 {\"occupied\":true,\"user_count\":1,\"subscription_count\":1}");
      assertThat(get("/channels/presence-l/users")).isEqualTo("200 {\"users\":[{\"id\":\"1\"}]}");
    }
  }

  @Test
  void userChannelsAndEmptyCachesAreNotListed() throws IOException {
    try (RawSocket socket = node.connect()) {
      socket.signIn(PlainApp.APP, "{\"id\":\"7\"}");
      socket.nextTextContaining("signin_success");
      socket.subscribe("#server-to-user-7");
      socket.nextTextContaining("subscription_succeeded");
      api.publish("cache-kept", "e", "1");
      assertThat(get("/channels")).isEqualTo("200 {\"channels\":{}}");
      assertThat(get("/channels/%23server-to-user-7")).isEqualTo("200 {\"occupied\":true}");
    }
  }

  @Test
  void aChannelIsReportedAsOccupiedOrNot() throws IOException {
    try (RawSocket socket = subscriber(node, "a,b;c=@d.e")) {
      assertThat(get("/channels/a,b;c=@d.e")).isEqualTo("200 {\"occupied\":true}");
      assertThat(get("/channels/a%2Cb%3Bc%3D%40d.e?info=subscription_count"))
          .isEqualTo("200 {\"occupied\":true,\"subscription_count\":1}");
      assertThat(socket.socketId()).isNotEmpty();
    }
    assertThat(get("/channels/empty")).isEqualTo("200 {\"occupied\":false}");
    assertThat(get("/channels/presence-empty?info=user_count,subscription_count"))
        .isEqualTo("200 {\"occupied\":false,\"user_count\":0,\"subscription_count\":0}");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          /channels?info=user_count | 400 user_count may only be requested for presence channels - please supply filter_by_prefix begining with presence-
          /channels?info=user_count&filter_by_prefix=presence | 400 user_count may only be requested for presence channels - please supply filter_by_prefix begining with presence-
          /channels?info=cache | 400 info should be a comma separated list of attributes: 'cache' is not one of user_count, subscription_count
          /channels/a?info=user_count | 400 Cannot retrieve the user count unless the channel is a presence channel
          /channels/a?info=cache | 400 cache may only be requested for cache channels
          /channels/a?info=members | 400 info should be a comma separated list of attributes: 'members' is not one of user_count, subscription_count, cache
          /channels/a%20b | 400 Invalid channel name 'a b': allowed are letters, digits and _ - = @ , . ;
          /channels/a%2Fb | 400 Invalid channel name 'a/b': allowed are letters, digits and _ - = @ , . ;
          /channels/ | 400 Invalid channel name: it is empty
          /channels/a/users | 400 Users can only be retrieved for presence channels
          /channels/private-presence-a/users | 400 Users can only be retrieved for presence channels
          /channels/%C3%A9/users | 400 Invalid channel name 'é': allowed are letters, digits and _ - = @ , . ;
          """)
  void anInvalidReadIsRefusedWithAReason(String target, String answer) throws IOException {
    assertThat(get(target)).isEqualTo(answer);
  }

  @Test
  void usersAreDistinctStrings() throws IOException {
    try (RawSocket number = node.connect();
        RawSocket again = node.connect();
        RawSocket other = node.connect()) {
      join(number, "{\"user_id\":10}");
      join(again, "{\"user_id\":\"10\"}");
      join(other, "{\"user_id\":\"ann é\"}");
      assertThat(get("/channels/presence-u/users"))
          .isEqualTo("200 {\"users\":[{\"id\":\"10\"},{\"id\":\"ann é\"}]}");
      assertThat(get("/channels/presence-u/users?info=extraneous")).startsWith("200 ");
    }
    assertThat(get("/channels/presence-empty/users")).isEqualTo("200 {\"users\":[]}");
  }

  private static void join(RawSocket socket, String member) throws IOException {
    socket.subscribePresence(PlainApp.APP, "presence-u", member);
    socket.nextTextContaining("subscription_succeeded");
  }

  @Test
  void aCacheIsReportedWithItsRemainingSeconds() throws IOException {
    assertThat(get("/channels/cache-x?info=cache"))
        .isEqualTo("200 {\"occupied\":false,\"cache\":null}");
    api.publish("cache-x", "e", "{\\\"lat\\\":1}");
    assertThat(get("/channels/cache-x?info=cache"))
        .isEqualTo(
            "200 {\"occupied\":false,\"cache\":{\"data\":\"{\\\"lat\\\":1}\",\"ttl\":1800}}");
    clock.advance(Duration.ofMinutes(1));
    try (RawSocket socket = subscriber(node, "cache-x")) {
      assertThat(socket.nextText()).isEqualTo(frame("e", "cache-x", "\"{\\\"lat\\\":1}\""));
      assertThat(get("/channels/cache-x?info=cache,subscription_count"))
          .isEqualTo(
              "200 {\"occupied\":true,\"subscription_count\":1,"
                  + "\"cache\":{\"data\":\"{\\\"lat\\\":1}\",\"ttl\":1740}}");
    }
    await().until(() -> get("/channels/cache-x").contains("\"occupied\":false"));
    clock.advance(Duration.ofMinutes(29).minusNanos(1));
    assertThat(get("/channels/cache-x?info=cache")).contains("\"ttl\":0");
    clock.advance(Duration.ofNanos(1));
    assertThat(get("/channels/cache-x?info=cache"))
        .isEqualTo("200 {\"occupied\":false,\"cache\":null}");
  }

  @ParameterizedTest
  @CsvSource({"cache-k", "private-cache-k", "private-encrypted-cache-k", "presence-cache-k"})
  void everyKindOfCacheChannelHasACache(String channel) throws IOException {
    api.publish(channel, "first", "1");
    api.publish(channel, "last", "2");
    assertThat(get("/channels/" + channel + "?info=cache"))
        .isEqualTo("200 {\"occupied\":false,\"cache\":{\"data\":\"2\",\"ttl\":1800}}");
  }
}
