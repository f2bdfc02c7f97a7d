package dev.fanfare.clients;

import static org.assertj.core.api.Assertions.assertThat;

import com.pusher.client.PusherOptions;
import dev.fanfare.app.App;
import dev.fanfare.app.ChannelFilter;
import dev.fanfare.app.HistoryRule;
import dev.fanfare.app.HistoryRule.Replay;
import dev.fanfare.app.HistoryRule.Store;
import dev.fanfare.history.HistoryOptions;
import dev.fanfare.node.FanfareServer;
import dev.fanfare.observe.NanoClock;
import dev.fanfare.observe.ServerListener;
import dev.fanfare.testing.ServerProcess;
import dev.fanfare.testing.TestNode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/// User 7 has two phones, both off. Three notifications are published, the server is killed and
/// started again, and an hour passes. Each phone gets the three when it comes back, and so does a
/// fresh installation. The apps add a name to their key and do nothing else.
@ExtendWith(CrashGuard.class)
@Tag("one-node")
final class MailboxStoryTest {

  private static final String CHANNEL = "private-7";
  private static final int LIFE_SECONDS = 120;

  private static final App APP =
      TestNode.APP.withHistory(
          List.of(
              HistoryRule.DEFAULTS
                  .withChannels(ChannelFilter.ALL.withPrefix("private-"))
                  .withReplay(Replay.MAILBOX)
                  .withStore(Store.DISK)
                  .withKeepSeconds(86_400)));

  @TempDir private Path folder;

  private Process start() throws IOException {
    return ServerProcess.start(
        LIFE_SECONDS,
        Map.of(
            "FANFARE_APP_ID",
            APP.id(),
            "FANFARE_APP_KEY",
            APP.key(),
            "FANFARE_APP_SECRET",
            APP.secret().reveal(),
            "FANFARE_APP_HISTORY_0_CHANNELS_PREFIX",
            "private-",
            "FANFARE_APP_HISTORY_0_REPLAY",
            "mailbox",
            "FANFARE_APP_HISTORY_0_STORE",
            "disk",
            "FANFARE_APP_HISTORY_0_KEEP_SECONDS",
            "86400",
            "FANFARE_WEBHOOKS_DATA_DIR",
            folder.toString()));
  }

  /// A server in this process on the same folder, whose clock is an hour ahead.
  private TestNode startAnHourLater() {
    FanfareServer.Clocks clocks =
        new FanfareServer.Clocks(NanoClock.SYSTEM, () -> Instant.now().plus(Duration.ofHours(1)));
    return TestNode.start(
        TestNode.PARTS.withHistory(HistoryOptions.DEFAULTS.withDataDir(folder.toString())),
        clocks,
        ServerListener.NONE,
        APP);
  }

  @SuppressWarnings("deprecation")
  private static Device phone(String name, int port, Backend backend) {
    PusherOptions options =
        Device.options(port)
            .setAuthorizer((channel, socketId) -> backend.authorize("7", channel, socketId));
    return new Device(APP.key() + "/" + name, options).connect();
  }

  /// A phone comes, gets these notifications, each once, and goes.
  private static void expect(String name, int port, Backend backend, String... notifications) {
    try (Device phone = phone(name, port, backend)) {
      ChannelLog log = phone.subscribed(CHANNEL, "notification");
      for (String notification : notifications) {
        assertThat(log.next()).isEqualTo("notification: \"" + notification + "\"");
      }
      // What comes after a new one shows that nothing came twice.
      backend.publish(CHANNEL, "notification", "end of " + name);
      assertThat(log.next()).isEqualTo("notification: \"end of " + name + "\"");
    }
  }

  @Test
  void everyPhoneGetsEveryNotification() throws IOException, InterruptedException {
    Process first = start();
    try {
      int port = ServerProcess.port(first);
      try (Backend backend = new Backend(port, APP)) {
        for (String name : List.of("one", "two")) {
          try (Device phone = phone(name, port, backend)) {
            phone.subscribed(CHANNEL, "notification");
          }
        }
        for (int i = 1; i <= 3; i++) {
          backend.publish(CHANNEL, "notification", "n" + i);
        }
      }
    } finally {
      first.toHandle().destroyForcibly(); // kill -9
      first.waitFor();
    }
    Process second = start();
    try {
      int port = ServerProcess.port(second);
      try (Backend backend = new Backend(port, APP)) {
        expect("one", port, backend, "n1", "n2", "n3");
      }
    } finally {
      second.toHandle().destroyForcibly();
      second.waitFor();
    }
    try (TestNode node = startAnHourLater();
        Backend backend = new Backend(node)) {
      for (String name : List.of("two", "three")) {
        try (Device phone = phone(name, node.port(), backend)) {
          ChannelLog log = phone.subscribed(CHANNEL, "notification");
          for (String notification : List.of("n1", "n2", "n3", "end of one")) {
            assertThat(log.next()).isEqualTo("notification: \"" + notification + "\"");
          }
          assertThat(log.count()).isEqualTo(5); // and the success: nothing came twice
        }
      }
    }
  }
}
