package dev.fanfare.clients;

import static org.assertj.core.api.Assertions.assertThat;

import com.pusher.client.channel.PresenceChannel;
import com.pusher.client.channel.User;
import dev.fanfare.testing.TestNode;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/// Channels with members.
@BothJavaClients
final class PresenceChannelTest {

  private static final String ROOM = "presence-room";

  @Test
  void membersSeeThemselvesAndTheOthers() throws IOException {
    try (TestNode node = TestNode.start();
        Backend backend = new Backend(node);
        Device anna = Device.connected(node, backend, "anna");
        Device ben = Device.connected(node, backend, "ben")) {
      ChannelLog annas = anna.subscribe(ROOM);
      assertThat(annas.next()).isEqualTo("members [anna]");
      assertThat(annas.next()).isEqualTo("subscribed");
      ChannelLog bens = ben.subscribe(ROOM);
      assertThat(bens.next()).isEqualTo("members [anna, ben]");
      assertThat(bens.next()).isEqualTo("subscribed");
      assertThat(annas.next()).isEqualTo("joined ben");

      PresenceChannel room = ben.pusher().getPresenceChannel(ROOM);
      assertThat(room.getMe().getId()).isEqualTo("ben");
      assertThat(room.getMe().getInfo()).isEqualTo("{\"name\":\"The user ben\"}");
      assertThat(room.getUsers()).extracting(User::getId).containsExactly("anna", "ben");
      assertThat(anna.pusher().getPresenceChannel(ROOM).getUsers())
          .extracting(User::getInfo)
          .containsExactly("{\"name\":\"The user anna\"}", "{\"name\":\"The user ben\"}");
    }
  }

  @Test
  void aUserLeavesByUnsubscribingOrDisconnecting() throws IOException {
    try (TestNode node = TestNode.start();
        Backend backend = new Backend(node);
        Device anna = Device.connected(node, backend, "anna");
        Device ben = Device.connected(node, backend, "ben")) {
      ChannelLog annas = anna.subscribed(ROOM);
      ben.subscribed(ROOM);
      assertThat(annas.next()).isEqualTo("joined ben");
      ben.pusher().unsubscribe(ROOM);
      assertThat(annas.next()).isEqualTo("left ben");
      ben.subscribed(ROOM);
      assertThat(annas.next()).isEqualTo("joined ben");
      ben.disconnect();
      assertThat(annas.next()).isEqualTo("left ben");
      assertThat(anna.pusher().getPresenceChannel(ROOM).getUsers())
          .extracting(User::getId)
          .containsExactly("anna");
    }
  }

  @Test
  void aUserWithTwoDevicesIsOneMember() throws IOException {
    try (TestNode node = TestNode.start();
        Backend backend = new Backend(node);
        Device anna = Device.connected(node, backend, "anna");
        Device bensPhone = Device.connected(node, backend, "ben");
        Device bensTablet = Device.connected(node, backend, "ben");
        Device carla = Device.connected(node, backend, "carla")) {
      ChannelLog annas = anna.subscribed(ROOM);
      ChannelLog phones = bensPhone.subscribed(ROOM);
      ChannelLog tablets = bensTablet.subscribe(ROOM);
      assertThat(annas.next()).isEqualTo("joined ben");
      assertThat(tablets.next()).isEqualTo("members [anna, ben]");
      bensPhone.disconnect();
      carla.subscribed(ROOM);
      assertThat(annas.next()).as("neither joined nor left again").isEqualTo("joined carla");
      bensTablet.disconnect();
      assertThat(annas.next()).isEqualTo("left ben");
      assertThat(phones.count()).as("members and subscribed, nothing of itself").isEqualTo(2);
    }
  }

  @Test
  void aClientEventNamesItsSender() throws IOException {
    try (TestNode node = TestNode.start();
        Backend backend = new Backend(node);
        Device anna = Device.connected(node, backend, "anna");
        Device ben = Device.connected(node, backend, "ben")) {
      ChannelLog annas = anna.subscribed(ROOM, "client-typing", "greeting");
      ben.subscribed(ROOM);
      assertThat(annas.next()).isEqualTo("joined ben");
      ben.pusher().getPresenceChannel(ROOM).trigger("client-typing", "{\"seconds\":3}");
      assertThat(annas.next()).isEqualTo("client-typing by ben: {\"seconds\":3}");
      backend.publish(ROOM, "greeting", "hello");
      assertThat(annas.next()).as("a server has no user id").isEqualTo("greeting: \"hello\"");
    }
  }
}
