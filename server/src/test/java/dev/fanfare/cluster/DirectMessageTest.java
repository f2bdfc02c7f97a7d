package dev.fanfare.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.bus.BusMessage;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Messages for one node of three.
final class DirectMessageTest {

  private static final int SECOND = 1_000;

  private final Lab lab = new Lab();
  private final Lab.Station a = lab.station(10);
  private final Lab.Station b = lab.station(20);
  private final Lab.Station c = lab.station(30);

  @BeforeEach
  void join() {
    lab.run(3 * SECOND);
  }

  private static BusMessage.Undelivered message(long node, String text) {
    return new BusMessage.Undelivered(
        "1", node, 1, List.of(new BusMessage.WebhookDraft(5, "channel", 3, text)));
  }

  @Test
  void aDirectMessageReachesOneNodeWhichKnowsTheSender() {
    a.publish(message(b.life, "text"));
    b.publish(new BusMessage.TakenOver("1", a.life, 1, List.of(0)));
    lab.run(SECOND);
    assertThat(b.received).containsExactly(message(a.life, "text"));
    assertThat(a.received).containsExactly(new BusMessage.TakenOver("1", b.life, 1, List.of(0)));
    assertThat(c.received).isEmpty();
  }

  @Test
  void oneForAnUnknownNodeIsDropped() {
    a.publish(message(99, "text"));
    lab.run(SECOND);
    assertThat(b.received).isEmpty();
    assertThat(c.received).isEmpty();
  }

  /// The link goes on: nothing waits behind a message that the engine would refuse.
  @Test
  void oneThatFitsIntoNoDatagramIsDropped() {
    a.publish(message(b.life, "x".repeat(32 << 20)));
    a.publish(message(b.life, "short"));
    lab.run(SECOND);
    assertThat(b.received).containsExactly(message(a.life, "short"));
  }
}
