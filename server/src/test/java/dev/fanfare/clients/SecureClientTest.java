package dev.fanfare.clients;

import static org.assertj.core.api.Assertions.assertThat;

import com.pusher.client.PusherOptions;
import com.pusher.rest.Pusher;
import com.pusher.rest.data.Result;
import dev.fanfare.FanfareServer;
import dev.fanfare.observe.ServerListener;
import dev.fanfare.testing.Authority;
import dev.fanfare.testing.TestNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// The Java client and the Java SDK by TLS. They believe whom the JVM believes, so for the length
/// of a test that is an authority of ours.
@BothJavaClients
final class SecureClientTest {

  private static final String TRUST_STORE = "javax.net.ssl.trustStore";

  @Test
  void aClientHearsByTlsWhatTheSdkPublishesByTls() throws IOException {
    Path folder = Files.createTempDirectory("fanfare-tls");
    Authority authority = Authority.in(folder).issue("ec");
    String before = System.getProperty(TRUST_STORE);
    System.setProperty(TRUST_STORE, authority.trustStore().toString());
    try (TestNode node =
            TestNode.start(
                TestNode.options(0).withTls(authority.options("ec").withOnly(true)),
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
    } finally {
      if (before == null) {
        System.clearProperty(TRUST_STORE);
      } else {
        System.setProperty(TRUST_STORE, before);
      }
    }
  }

  private static PusherOptions secure(int port) {
    return new PusherOptions().setHost("127.0.0.1").setWssPort(port).setUseTLS(true);
  }
}
