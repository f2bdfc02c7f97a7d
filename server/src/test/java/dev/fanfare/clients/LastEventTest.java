package dev.fanfare.clients;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.testing.TestNode;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/// Channels that store the last event for later subscribers.
@BothJavaClients
final class LastEventTest {

  @Test
  void aLaterSubscriberGetsTheLastEvent() throws IOException {
    try (TestNode node = TestNode.start();
        Backend backend = new Backend(node);
        Device early = Device.connected(node);
        Device late = Device.connected(node)) {
      ChannelLog earlys = early.subscribed("cache-car", "moved");
      backend.publish("cache-car", "moved", "to the river");
      backend.publish("cache-car", "moved", "to the sea");
      TestNode.settle();
      ChannelLog lates = late.subscribed("cache-car", "moved");
      assertThat(lates.next()).isEqualTo("moved: \"to the sea\"");
      backend.publish("cache-car", "moved", "home");
      assertThat(lates.next()).isEqualTo("moved: \"home\"");
      assertThat(earlys.next()).isEqualTo("moved: \"to the river\"");
      assertThat(earlys.next()).isEqualTo("moved: \"to the sea\"");
      assertThat(earlys.next()).as("not a second time").isEqualTo("moved: \"home\"");
    }
  }

  @Test
  void theLastEventOutlivesTheLastSubscriber() throws IOException {
    try (TestNode node = TestNode.start();
        Backend backend = new Backend(node);
        Device device = Device.connected(node, backend, "anna")) {
      backend.publish("private-cache-user-anna", "notice", "before anybody listened");
      ChannelLog first = device.subscribed("private-cache-user-anna", "notice");
      assertThat(first.next()).isEqualTo("notice: \"before anybody listened\"");
      device.pusher().unsubscribe("private-cache-user-anna");
      ChannelLog second = device.subscribed("private-cache-user-anna", "notice");
      assertThat(second.next()).isEqualTo("notice: \"before anybody listened\"");
    }
  }

  @Test
  void clientEventsAreNotCached() throws IOException {
    try (TestNode node = TestNode.start();
        Backend backend = new Backend(node);
        Device anna = Device.connected(node, backend, "anna");
        Device ben = Device.connected(node, backend, "ben");
        Device carla = Device.connected(node, backend, "carla")) {
      String room = "presence-cache-room";
      backend.publish(room, "topic", "cats");
      anna.subscribed(room);
      ChannelLog bens = ben.subscribed(room, "topic", "client-wave");
      assertThat(bens.next()).isEqualTo("topic: \"cats\"");
      anna.pusher().getPresenceChannel(room).trigger("client-wave", "{}");
      assertThat(bens.next()).isEqualTo("client-wave by anna: {}");
      ChannelLog carlas = carla.subscribed(room, "topic", "client-wave");
      assertThat(carlas.next()).isEqualTo("topic: \"cats\"");
    }
  }
}
