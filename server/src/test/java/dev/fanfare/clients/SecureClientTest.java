package dev.fanfare.clients;

import static org.assertj.core.api.Assertions.assertThat;

import com.pusher.client.PusherOptions;
import com.pusher.rest.Pusher;
import com.pusher.rest.data.Result;
import dev.fanfare.node.FanfareServer;
import dev.fanfare.observe.ServerListener;
import dev.fanfare.testing.TestNode;
import dev.fanfare.transport.TlsOptions;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The Java client and the Java SDK over TLS.
@BothJavaClients
final class SecureClientTest {

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "AUTO")
  void aClientReceivesOverTlsWhatTheSdkPublishesOverTls(TlsOptions.Engine engine)
      throws IOException {
    try (JvmTrust trust = JvmTrust.issue("ec");
        TestNode node =
            TestNode.start(
                TestNode.options(0)
                    .withTls(trust.authority().options("ec").withOnly(true).withEngine(engine)),
                FanfareServer.Clocks.SYSTEM,
                ServerListener.NONE,
                TestNode.APP);
        Device device = new Device(node.app().key(), secure(node.port())).connect()) {
      ChannelLog news = device.subscribed("news", "headline");
      Pusher sdk = new Pusher(node.app().id(), node.app().key(), node.app().secret().reveal());
      sdk.setHost("127.0.0.1:" + node.port());
      sdk.setEncrypted(true);
      Result result = sdk.trigger("news", "headline", Map.of("a", 1));
      assertThat(result.getStatus()).as(result.getMessage()).isEqualTo(Result.Status.SUCCESS);
      assertThat(news.next()).isEqualTo("headline: {\"a\":1}");
    }
  }

  private static PusherOptions secure(int port) {
    return new PusherOptions().setHost("127.0.0.1").setWssPort(port).setUseTLS(true);
  }
}
