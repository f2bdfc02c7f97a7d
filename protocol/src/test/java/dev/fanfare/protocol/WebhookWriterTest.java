package dev.fanfare.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.protocol.WebhookEvent.CacheMiss;
import dev.fanfare.protocol.WebhookEvent.ChannelOccupied;
import dev.fanfare.protocol.WebhookEvent.ChannelVacated;
import dev.fanfare.protocol.WebhookEvent.ClientEvent;
import dev.fanfare.protocol.WebhookEvent.MemberAdded;
import dev.fanfare.protocol.WebhookEvent.MemberRemoved;
import dev.fanfare.protocol.WebhookEvent.SubscriptionCount;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/// The literal bytes of section 7.1, and the signatures of section 9.
final class WebhookWriterTest {

  private static final Signature SECRET = Signature.ofSecret("7ad3773142a6692b25b8");

  @Test
  void everyKindIsWrittenAsInTheReference() {
    assertThat(WebhookWriter.event(new ChannelOccupied("my-channel")))
        .isEqualTo("{\"name\":\"channel_occupied\",\"channel\":\"my-channel\"}");
    assertThat(WebhookWriter.event(new ChannelVacated("my-channel")))
        .isEqualTo("{\"name\":\"channel_vacated\",\"channel\":\"my-channel\"}");
    assertThat(WebhookWriter.event(new MemberAdded("presence-x", "10")))
        .isEqualTo("{\"name\":\"member_added\",\"channel\":\"presence-x\",\"user_id\":\"10\"}");
    assertThat(WebhookWriter.event(new MemberRemoved("presence-x", "10")))
        .isEqualTo("{\"name\":\"member_removed\",\"channel\":\"presence-x\",\"user_id\":\"10\"}");
    assertThat(WebhookWriter.event(new CacheMiss("cache-x")))
        .isEqualTo("{\"name\":\"cache_miss\",\"channel\":\"cache-x\"}");
    assertThat(WebhookWriter.event(new SubscriptionCount("my-channel", 3)))
        .isEqualTo(
            "{\"name\":\"subscription_count\",\"channel\":\"my-channel\","
                + "\"subscription_count\":3}");
  }

  @Test
  void aClientEventHasStringDataAndAUserOnPresenceChannelsOnly() {
    assertThat(
            WebhookWriter.event(
                new ClientEvent("presence-x", "client-typing", "{\"a\":1}", "1234.5678", "10")))
        .isEqualTo(
            "{\"name\":\"client_event\",\"channel\":\"presence-x\",\"event\":\"client-typing\","
                + "\"data\":\"{\\\"a\\\":1}\",\"socket_id\":\"1234.5678\",\"user_id\":\"10\"}");
    assertThat(WebhookWriter.event(new ClientEvent("private-x", "client-typing", "", "1.2", null)))
        .isEqualTo(
            "{\"name\":\"client_event\",\"channel\":\"private-x\",\"event\":\"client-typing\","
                + "\"data\":\"\",\"socket_id\":\"1.2\"}");
  }

  @Test
  void theBodiesOfTheReferenceHaveItsSignatures() {
    byte[] one =
        WebhookWriter.body(
            1327078148132L, List.of(WebhookWriter.event(new ChannelOccupied("test_channel"))));
    assertThat(new String(one, StandardCharsets.UTF_8))
        .isEqualTo(
            "{\"time_ms\":1327078148132,\"events\":"
                + "[{\"name\":\"channel_occupied\",\"channel\":\"test_channel\"}]}");
    assertThat(one).hasSize(89);
    assertThat(SECRET.sign(one))
        .isEqualTo("709fdb84c03664445f7698120b0edf0acc1ab1c8c6e93a0368c61841d6b998aa");
    byte[] two =
        WebhookWriter.body(
            1327078148132L,
            List.of(
                WebhookWriter.event(new MemberAdded("presence-foobar", "10")),
                WebhookWriter.event(new ChannelVacated("my-channel"))));
    assertThat(two).hasSize(153);
    assertThat(SECRET.sign(two))
        .isEqualTo("13ca495e1786cf352c95a774db51f5bef46f168619bdd8f408728a1e62bb617e");
  }

  @Test
  void aLoneSurrogateBreaksNeitherItsEventNorOthers() {
    String half =
        WebhookWriter.event(new ClientEvent("private-x", "client-e", "\ud83d", "1.2", null));
    byte[] body = WebhookWriter.body(1, List.of(half, half));
    assertThat(new String(body, StandardCharsets.UTF_8))
        .contains("\"data\":\"\\ud83d\"")
        .endsWith("\"}]}");
  }

  @Test
  void anEventHasOneNameEverywhere() {
    assertThat(WebhookEvent.Type.values())
        .extracting(WebhookEvent.Type::wireName)
        .containsExactly(
            "channel_occupied",
            "channel_vacated",
            "member_added",
            "member_removed",
            "client_event",
            "cache_miss",
            "subscription_count");
  }
}
