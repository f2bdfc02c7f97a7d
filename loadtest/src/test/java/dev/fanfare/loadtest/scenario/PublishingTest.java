package dev.fanfare.loadtest.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.loadtest.measure.EventRing;
import dev.fanfare.loadtest.plan.Load;
import dev.fanfare.loadtest.plan.LoadBuilder;
import dev.fanfare.loadtest.plan.Signal;
import dev.fanfare.loadtest.plan.Via;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class PublishingTest {

  private static final long MS = 1_000_000;

  private final List<String> log = new ArrayList<>();
  private final EventRing ring = new EventRing(1 << 10);
  private final List<FakePublisher> publishers =
      IntStream.range(0, 2).mapToObj(FakePublisher::new).toList();

  @Test
  void withoutARateEachPublisherFillsItsWindow() {
    Publishing publishing = publishing(0, 64);
    turn(publishing, 0);
    assertThat(log).containsExactly("0 sends 0/0 at 0", "1 sends 1/0 at 0");
    turn(publishing, 1 * MS);
    assertThat(log).hasSize(2);
    publishers.get(1).unanswered = 0;
    assertThat(publishing.refill(1, 2 * MS)).isEqualTo(1);
    assertThat(log).endsWith("1 sends 0/0 at 2");
  }

  @Test
  void eventsInFlightStayWithinTheLimit() {
    Publishing publishing = publishing(0, 3);
    for (int i = 0; i < 10; i++) {
      publishers.forEach(publisher -> publisher.unanswered = 0);
      turn(publishing, i * MS);
    }
    assertThat(log).hasSize(3);
    assertThat(ring.undelivered()).isEqualTo(3);
    deliverAll();
    turn(publishing, 20 * MS);
    assertThat(log).hasSizeGreaterThan(3);
  }

  @Test
  void withoutALimitPublishersWaitForResponsesOnly() {
    Publishing publishing = publishing(0, 0);
    for (int i = 0; i < 100; i++) {
      publishers.forEach(publisher -> publisher.unanswered = 0);
      turn(publishing, i * MS);
    }
    assertThat(log).hasSize(200);
    assertThat(ring.undelivered()).isEqualTo(200);
  }

  @Test
  void sequencesAreNumberedByPublisherAndChannel() {
    Publishing publishing = publishing(0, 64);
    for (int i = 0; i < 4; i++) {
      publishers.forEach(publisher -> publisher.unanswered = 0);
      turn(publishing, i * MS);
    }
    assertThat(log.stream().filter(line -> line.startsWith("0")))
        .containsExactly(
            "0 sends 0/0 at 0", "0 sends 1/0 at 1", "0 sends 0/1 at 2", "0 sends 1/1 at 3");
    assertThat(publishing.sent(0, 0)).isEqualTo(2);
    assertThat(publishing.sent(1, 1)).isEqualTo(2);
  }

  @Test
  void aScheduleIsKeptToTheMillisecond() {
    Publishing publishing = publishing(100, 64);
    turn(publishing, 0);
    turn(publishing, 9 * MS);
    turn(publishing, 10 * MS);
    assertThat(log).containsExactly("0 sends 0/0 at 0", "1 sends 1/0 at 10");
  }

  @Test
  void aScheduleDoesNotWaitForASlowServer() {
    Publishing publishing = publishing(100, 64);
    turn(publishing, 0);
    turn(publishing, 50 * MS);
    assertThat(log).containsExactly("0 sends 0/0 at 0", "1 sends 1/0 at 10");
    publishers.forEach(publisher -> publisher.unanswered = 0);
    turn(publishing, 60 * MS);
    assertThat(log).endsWith("0 sends 1/0 at 20", "1 sends 0/0 at 30");
  }

  @Test
  void idleTurnsPrepareEvents() {
    Publishing publishing = publishing(1, 64);
    publishing.start(0, 1);
    int work = 0;
    for (int i = 0; i < 100; i++) {
      work += publishing.onTurn(1);
    }
    assertThat(work).isEqualTo(1 + 2 * 16);
    assertThat(publishers.get(0).prepared + publishers.get(1).prepared).isEqualTo(1 + 2 * 16);
  }

  @Test
  void stoppedPublishingSendsNothing() {
    Publishing publishing = publishing(0, 64);
    publishing.stop();
    assertThat(publishing.onTurn(1)).isZero();
    assertThat(publishing.refill(0, 1)).isZero();
    assertThat(log).isEmpty();
  }

  @Test
  void aWarmUpAtFullSpeedEndsBeforeTheScheduleBegins() {
    Load load =
        LoadBuilder.builder()
            .connections(2)
            .channels(2)
            .publishers(2)
            .window(1)
            .maxUndelivered(64)
            .rate(100)
            .warmupRate(0)
            .size(64)
            .durationNs(1)
            .warmupNs(40 * MS)
            .privateChannels(false)
            .via(Via.HTTP)
            .seed(1)
            .stalled(0)
            .probe(false)
            .compressedPercent(0)
            .signal(Signal.NONE)
            .replay(0)
            .run("0000aa")
            .build();
    Pace pace = new Pace(new Publishing(publishers, ring, load, _ -> 1), ring, load, 0);
    var _ = pace.onTurn(0);
    assertThat(log).containsExactly("0 sends 0/0 at 0", "1 sends 1/0 at 0");
    publishers.forEach(publisher -> publisher.unanswered = 0);
    assertThat(pace.onTurn(30 * MS)).as("waits for events in flight").isZero();
    deliverAll();
    var _ = pace.onTurn(32 * MS);
    var _ = pace.onTurn(41 * MS);
    assertThat(log).hasSize(3).endsWith("0 sends 1/0 at 32");
    var _ = pace.onTurn(42 * MS);
    assertThat(log).endsWith("1 sends 0/0 at 42");
  }

  private Publishing publishing(double rate, int maxUndelivered) {
    Load load =
        LoadBuilder.builder()
            .connections(2)
            .channels(2)
            .publishers(2)
            .window(1)
            .maxUndelivered(maxUndelivered)
            .rate(rate)
            .warmupRate(rate)
            .size(64)
            .durationNs(1)
            .warmupNs(0)
            .privateChannels(false)
            .via(Via.HTTP)
            .seed(1)
            .stalled(0)
            .probe(false)
            .compressedPercent(0)
            .signal(Signal.NONE)
            .replay(0)
            .run("0000aa")
            .build();
    Publishing publishing = new Publishing(publishers, ring, load, _ -> 1);
    publishing.start(0, rate);
    return publishing;
  }

  private static void turn(Publishing publishing, long nowNs) {
    int _ = publishing.onTurn(nowNs);
  }

  private void deliverAll() {
    for (int event = 0; event < 1 << 10; event++) {
      boolean _ = ring.deliver(event);
    }
  }

  private final class FakePublisher implements Publisher {
    private final int number;
    private int unanswered;
    private int prepared;

    FakePublisher(int number) {
      this.number = number;
    }

    @Override
    public boolean canSend() {
      return unanswered == 0;
    }

    @Override
    public byte[] prepare(int channel, int sequence, int event) {
      prepared++;
      return (channel + "/" + sequence).getBytes(StandardCharsets.US_ASCII);
    }

    @Override
    public void send(byte[] bytes, long intendedNs) {
      unanswered++;
      log.add(
          "%d sends %s at %d"
              .formatted(number, new String(bytes, StandardCharsets.US_ASCII), intendedNs / MS));
    }

    @Override
    public void flush() {}

    @Override
    public int unanswered() {
      return unanswered;
    }

    @Override
    public void close() {}
  }
}
