package dev.fanfare.clients;

import static org.assertj.core.api.Assertions.assertThat;

import com.pusher.rest.Pusher;
import com.pusher.rest.data.Event;
import com.pusher.rest.data.Result;
import com.pusher.rest.data.Result.Status;
import dev.fanfare.app.App;
import dev.fanfare.app.Secret;
import dev.fanfare.testing.TestNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// The official server SDK for Java against the HTTP API.
@ExtendWith(CrashGuard.class)
final class ServerSdkTest {

  @Test
  void oneEventGoesToSeveralChannels() throws IOException {
    try (TestNode node = TestNode.start();
        Backend backend = new Backend(node);
        Device device = Device.connected(node)) {
      ChannelLog news = device.subscribed("news", "headline");
      ChannelLog sports = device.subscribed("sports", "headline");
      Result result =
          backend.sdk().trigger(List.of("news", "sports"), "headline", Map.of("a", List.of(1, 2)));
      assertThat(result.getStatus()).isEqualTo(Status.SUCCESS);
      assertThat(result.getMessage()).isEqualTo("{}");
      assertThat(news.next()).isEqualTo("headline: {\"a\":[1,2]}");
      assertThat(sports.next()).isEqualTo("headline: {\"a\":[1,2]}");
    }
  }

  @Test
  void aBatchIsDeliveredInOrder() throws IOException {
    try (TestNode node = TestNode.start();
        Backend backend = new Backend(node);
        Device device = Device.connected(node)) {
      ChannelLog news = device.subscribed("news", "one", "two", "three");
      ChannelLog sports = device.subscribed("sports", "one");
      Result result =
          backend
              .sdk()
              .trigger(
                  List.of(
                      new Event("news", "one", 1),
                      new Event("sports", "one", 1),
                      new Event("news", "two", 2),
                      new Event("news", "three", 3, device.socketId()),
                      new Event("news", "one", 4)));
      assertThat(result.getMessage()).isEqualTo("{}");
      assertThat(sports.next()).isEqualTo("one: 1");
      assertThat(news.next()).isEqualTo("one: 1");
      assertThat(news.next()).isEqualTo("two: 2");
      assertThat(news.next()).as("three excluded this socket").isEqualTo("one: 4");
    }
  }

  @Test
  void theSocketThatCausedAnEventCanBeExcluded() throws IOException {
    try (TestNode node = TestNode.start();
        Backend backend = new Backend(node);
        Device author = Device.connected(node);
        Device reader = Device.connected(node)) {
      ChannelLog authors = author.subscribed("news", "headline");
      ChannelLog readers = reader.subscribed("news", "headline");
      backend.sdk().trigger("news", "headline", "mine", author.socketId());
      backend.publish("news", "headline", "everybody's");
      assertThat(readers.next()).isEqualTo("headline: \"mine\"");
      assertThat(readers.next()).isEqualTo("headline: \"everybody's\"");
      assertThat(authors.next()).isEqualTo("headline: \"everybody's\"");
    }
  }

  @Test
  void textOutsideAsciiSurvivesInNamesAndData() throws IOException {
    try (TestNode node = TestNode.start();
        Backend backend = new Backend(node);
        Device device = Device.connected(node)) {
      ChannelLog news = device.subscribed("news", "grüße-✓");
      backend.publish("news", "grüße-✓", "日本語 😀 \" \\ / \u2028 <&>");
      assertThat(news.next()).startsWith("grüße-✓: \"日本語 😀 ");
    }
  }

  @Test
  void channelsAreListedWithTheRequestedInfo() throws IOException {
    String odd = "presence-a,b;c=@d.e";
    try (TestNode node = TestNode.start();
        Backend backend = new Backend(node);
        Device phone = Device.connected(node, backend, "anna");
        Device tablet = Device.connected(node, backend, "anna");
        Device ben = Device.connected(node, backend, "ben")) {
      assertThat(got(backend, "/channels", Map.of())).isEqualTo("{\"channels\":{}}");
      phone.subscribed("news");
      phone.subscribed(odd);
      tablet.subscribed(odd);
      ben.subscribed(odd);
      assertThat(got(backend, "/channels", Map.of("filter_by_prefix", "ne")))
          .isEqualTo("{\"channels\":{\"news\":{}}}");
      Map<String, String> present = Map.of("filter_by_prefix", "presence-", "info", "user_count");
      assertThat(got(backend, "/channels", present))
          .isEqualTo("{\"channels\":{\"" + odd + "\":{\"user_count\":2}}}");
      assertThat(got(backend, "/channels/" + odd, Map.of("info", "user_count,subscription_count")))
          .isEqualTo("{\"occupied\":true,\"user_count\":2,\"subscription_count\":3}");
      assertThat(got(backend, "/channels/" + odd + "/users", Map.of()))
          .isEqualTo("{\"users\":[{\"id\":\"anna\"},{\"id\":\"ben\"}]}");
      assertThat(got(backend, "/channels/nowhere", Map.of())).isEqualTo("{\"occupied\":false}");
    }
  }

  @Test
  void aWrongSecretIsRefused() throws IOException {
    App app = TestNode.APP;
    App guess = new App(app.id(), app.key(), new Secret("a guess"), app.options(), app.limits());
    try (TestNode node = TestNode.start();
        Backend backend = new Backend(node.port(), guess)) {
      Pusher stranger = backend.sdk();
      Result result = stranger.trigger("news", "headline", "fake");
      assertThat(result.getStatus()).isEqualTo(Status.AUTHENTICATION_ERROR);
      assertThat(result.getMessage()).startsWith("Invalid signature: you should have sent ");
      assertThat(stranger.get("/channels").getStatus()).isEqualTo(Status.AUTHENTICATION_ERROR);
    }
  }

  @Test
  void everyRefusalHasTheStatusThatTheSdkKnows() throws IOException {
    App app = TestNode.APP;
    App unknown = new App("99", "99-key", app.secret(), app.options(), app.limits());
    try (TestNode node = TestNode.start();
        Backend backend = new Backend(node);
        Backend elsewhere = new Backend(node.port(), unknown)) {
      assertThat(elsewhere.sdk().get("/channels").getStatus()).isEqualTo(Status.NOT_FOUND);
      Pusher sdk = backend.sdk();
      assertThat(sdk.get("/nothing").getStatus()).isEqualTo(Status.NOT_FOUND);
      assertThat(sdk.trigger("news", "pusher:headline", "x").getStatus())
          .isEqualTo(Status.CLIENT_ERROR);
      assertThat(sdk.get("/channels/news/users").getStatus()).isEqualTo(Status.CLIENT_ERROR);
      List<Event> tooMany = new ArrayList<>();
      for (int i = 0; i <= node.app().limits().maxBatchEvents(); i++) {
        tooMany.add(new Event("news", "headline", i));
      }
      assertThat(sdk.trigger(tooMany).getMessage())
          .isEqualTo("Batch too large (11 > 10), the setting is max_batch_events\n");
    }
  }

  @Test
  void dataMayHaveTenKilobytesAndNotOneByteMore() throws IOException {
    try (TestNode node = TestNode.start();
        Backend backend = new Backend(node);
        Device device = Device.connected(node)) {
      ChannelLog news = device.subscribed("news", "essay");
      String justRight = "x".repeat(node.app().limits().maxEventBytes() - "\"\"".length());
      Result tooLarge = backend.sdk().trigger("news", "essay", justRight + "x");
      assertThat(tooLarge.getHttpStatus()).isEqualTo(413);
      assertThat(tooLarge.getMessage()).contains("(10240 bytes)", "It has 10241 bytes");
      backend.publish("news", "essay", justRight);
      assertThat(news.next()).isEqualTo("essay: \"" + justRight + "\"");
    }
  }

  private static String got(Backend backend, String path, Map<String, String> parameters) {
    Result result = backend.sdk().get(path, parameters);
    assertThat(result.getStatus()).as(result.getMessage()).isEqualTo(Status.SUCCESS);
    return result.getMessage();
  }
}
