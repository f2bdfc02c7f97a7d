package dev.fanfare.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.pusher.client.PusherOptions;
import dev.fanfare.app.App;
import dev.fanfare.testing.Api;
import dev.fanfare.testing.EngineNodes;
import dev.fanfare.testing.KeptEvents;
import dev.fanfare.testing.NatsNodes;
import dev.fanfare.testing.RedisNodes;
import dev.fanfare.testing.Relay;
import dev.fanfare.testing.TestNode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// User 7 has phones, whose mailbox two nodes keep together in a real engine. The node on which the
/// phones last were is killed. The apps add a name to their key and do nothing else.
@ExtendWith(CrashGuard.class)
@Tag("one-node")
final class MailboxOnNodesTest {

  private static final App APP = TestNode.APP;
  private static final String CHANNEL = "private-7";
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private static final Map<String, String> RULE =
      Map.of(
          "FANFARE_APP_HISTORY_0_CHANNELS_PREFIX",
          "private-",
          "FANFARE_APP_HISTORY_0_REPLAY",
          "mailbox");

  private enum Engine {
    REDIS,
    NATS;

    EngineNodes start(Path folder) throws IOException {
      return switch (this) {
        case REDIS -> RedisNodes.start(folder, 2, APP, RULE);
        case NATS -> NatsNodes.start(folder, 2, APP, RULE);
      };
    }
  }

  @SuppressWarnings("deprecation") // the authorizer under the name that all versions know
  private static Device phone(String name, int port, Backend backend) {
    PusherOptions options =
        Device.options(port)
            .setAuthorizer((channel, socketId) -> backend.authorize("7", channel, socketId));
    return new Device(APP.key() + "/" + name, options).connect();
  }

  /// A phone comes, gets these notifications, each once, and goes.
  private static void expect(String name, int port, Backend backend, List<String> notifications) {
    try (Device phone = phone(name, port, backend)) {
      ChannelLog log = phone.subscribed(CHANNEL, "notification");
      for (String notification : notifications) {
        assertThat(log.next(PATIENCE)).isEqualTo("notification: \"" + notification + "\"");
      }
      // What comes after a new one shows that nothing came twice.
      backend.publish(CHANNEL, "notification", "end of " + name);
      assertThat(log.next(PATIENCE)).isEqualTo("notification: \"end of " + name + "\"");
    }
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void everyPhoneGetsEveryNotificationOnTheOtherNode(Engine engine, @TempDir Path folder)
      throws IOException {
    try (EngineNodes nodes = engine.start(folder)) {
      int port = nodes.node(1).port();
      try (Backend here = new Backend(nodes.node(0).port(), APP);
          Backend there = new Backend(port, APP)) {
        for (String name : List.of("one", "two")) {
          try (Device phone = phone(name, nodes.node(0).port(), here)) {
            phone.subscribed(CHANNEL, "notification");
          }
        }
        for (int i = 1; i <= 3; i++) {
          here.publish(CHANNEL, "notification", "n" + i);
        }
        nodes.signal(0, "KILL");
        expect("one", port, there, List.of("n1", "n2", "n3"));
        expect("two", port, there, List.of("n1", "n2", "n3", "end of one"));
        expect("new", port, there, List.of("n1", "n2", "n3", "end of one", "end of two"));
      }
    }
  }

  /// The Java client and pusher-js reconnect by themselves.
  @ParameterizedTest
  @EnumSource(Engine.class)
  void whatWasConfirmedDoesNotComeAgain(Engine engine, @TempDir Path folder)
      throws IOException, InterruptedException {
    try (EngineNodes nodes = engine.start(folder);
        Api other = new Api(nodes.node(1).port(), APP)) {
      resume(nodes, other);
    }
  }

  private static void resume(EngineNodes nodes, Api other)
      throws IOException, InterruptedException {
    try (Relay relay = new Relay(nodes.node(0).port());
        JavaMailbox java = new JavaMailbox(relay.port(), CHANNEL);
        ScriptMailbox script = new ScriptMailbox(relay.port(), CHANNEL)) {
      for (int i = 1; i <= 3; i++) {
        String id = KeptEvents.publish(other, CHANNEL, "" + i, "");
        for (String reader : List.of("d:java", "d:js")) {
          await().atMost(PATIENCE).until(() -> nodes.hasConfirmed(APP, CHANNEL, reader, id));
        }
      }
      relay.moveTo(nodes.node(1).port());
      nodes.signal(0, "KILL");
      KeptEvents.publish(other, CHANNEL, "4", "");
      KeptEvents.publish(other, CHANNEL, "5", "");
      for (Queue<Integer> received : List.of(java.received(), script.received())) {
        await().atMost(PATIENCE).until(() -> received.contains(5));
      }
      KeptEvents.publish(other, CHANNEL, "6", "");
      for (Queue<Integer> received : List.of(java.received(), script.received())) {
        await().atMost(PATIENCE).until(() -> received.contains(6));
        assertThat(received).containsExactly(1, 2, 3, 4, 5, 6);
      }
    }
  }
}
