package dev.fanfare.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.fanfare.protocol.ClientMessage.ClientEvent;
import dev.fanfare.protocol.ClientMessage.InvalidSignIn;
import dev.fanfare.protocol.ClientMessage.Malformed;
import dev.fanfare.protocol.ClientMessage.Ping;
import dev.fanfare.protocol.ClientMessage.Pong;
import dev.fanfare.protocol.ClientMessage.SignIn;
import dev.fanfare.protocol.ClientMessage.Subscribe;
import dev.fanfare.protocol.ClientMessage.Unsubscribe;
import java.util.Map;

/// Any bytes become a message or a reason, and the frames that the server writes for either are
/// valid.
final class MessageReaderFuzzTest {

  @FuzzTest
  void anyFrameIsUnderstoodOrExplained(byte[] frame) {
    switch (MessageReader.read(frame, Limits.HOSTED)) {
      case ClientEvent m -> isRelayedUnchanged(m);
      case Subscribe m -> {
        isRefusable(m.channel(), m.channel());
        m.problems().values().forEach(problem -> isRefusable(m.channel(), problem));
      }
      case Unsubscribe m -> isRefusable(m.channel(), "No current subscription to " + m.channel());
      case SignIn m -> comesBackUnchanged(m.userData());
      case InvalidSignIn m -> isRefusable("c", m.reason());
      case Malformed m -> isRefusable("c", m.reason());
      case Ping _, Pong _ -> {}
    }
  }

  private static void isRelayedUnchanged(ClientEvent m) {
    assertThat(m.event()).startsWith("client-");
    Map<String, String> relayed =
        JsonFields.of(
            MessageWriter.write(
                new ServerMessage.Event(m.channel(), m.event(), m.data(), m.channel())));
    assertThat(relayed)
        .isEqualTo(
            Map.of(
                "event", m.event(),
                "channel", m.channel(),
                "data", m.data(),
                "user_id", m.channel()));
  }

  private static void isRefusable(String channel, String reason) {
    assertThat(reason).isNotNull();
    ServerMessage refusal = new ServerMessage.SubscriptionError(channel, "Type", reason, 400);
    Map<String, String> frame = JsonFields.of(MessageWriter.write(refusal));
    assertThat(frame).containsEntry("channel", channel);
    assertThat(JsonFields.of(frame.getOrDefault("data", ""))).containsEntry("error", reason);
    ServerMessage error = new ServerMessage.PusherError(null, reason);
    assertThat(JsonFields.of(JsonFields.of(MessageWriter.write(error)).getOrDefault("data", "")))
        .isEqualTo(Map.of("code", "null", "message", reason));
  }

  private static void comesBackUnchanged(String userData) {
    Map<String, String> frame =
        JsonFields.of(MessageWriter.write(new ServerMessage.SigninSuccess(userData)));
    assertThat(JsonFields.of(frame.getOrDefault("data", "")))
        .isEqualTo(Map.of("user_data", userData));
  }
}
