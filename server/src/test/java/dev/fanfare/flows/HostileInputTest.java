package dev.fanfare.flows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fanfare.testing.Api;
import dev.fanfare.testing.ErrorLog;
import dev.fanfare.testing.Footprint;
import dev.fanfare.testing.RawSocket;
import dev.fanfare.testing.TestNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.SocketException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Thousands of hostile frames and requests to a running server. They must not cost other clients
/// an event, nor the server a thread, a buffer or a line in the error log.
@Tag("one-node")
final class HostileInputTest {

  private static final long SEED = 20_260_101;
  private static final int ATTACKERS = 2;
  private static final int SOCKETS_OF_EACH = 1_000;
  private static final int FRAMES_OF_A_SOCKET = 10;
  private static final int ATTACKS_PER_EVENT = 5;
  private static final int WITNESSES = 4;
  private static final Duration DEADLINE = Duration.ofSeconds(20);

  private final List<byte[]> frames = HostileFrames.literal();
  private final List<byte[]> requests = HostileRequests.literal();
  private final List<Witness> witnesses = new ArrayList<>();
  private ErrorLog errors;
  private TestNode node;
  private Api api;

  @BeforeEach
  void start() throws IOException {
    errors = ErrorLog.open();
    node = TestNode.start();
    api = new Api(node);
    for (int i = 0; i < WITNESSES; i++) {
      RawSocket socket = node.connect();
      socket.subscribe("news");
      socket.nextTextContaining("subscription_succeeded");
      socket.patience(DEADLINE);
      witnesses.add(Witness.of(socket, "first", "last"));
    }
    api.publish("news", "first", "");
  }

  @AfterEach
  void stop() throws IOException {
    for (Witness witness : witnesses) {
      witness.close();
    }
    api.close();
    node.close();
    errors.close();
  }

  @Test
  void otherClientsAreNotAffectedByAnAttack() throws Exception {
    attackWithAllOnce();
    settle();
    Footprint before = Footprint.now();

    int published = publishDuringAttack();
    attackWithAllOnce();

    api.publish("news", "last", "");
    assertNothingWasLost(published);
    settle();
    await("the footprint of before")
        .atMost(DEADLINE)
        .untilAsserted(() -> Footprint.now().assertNear(before));
    assertStillServes();
    assertThat(errors.lines()).isEmpty();
  }

  /// The literal list, one connection each; also warms up, so that later measurements show growth
  /// and not first use.
  private void attackWithAllOnce() throws IOException {
    for (byte[] bytes : frames) {
      try (RawSocket socket = node.connect()) {
        send(socket, bytes, true);
      }
    }
    for (byte[] bytes : requests) {
      try (RawSocket socket = new RawSocket(node.port())) {
        send(socket, bytes, true);
      }
    }
  }

  /// Runs the attackers, with one event for the witnesses after every few attacks.
  private int publishDuringAttack()
      throws IOException, InterruptedException, ExecutionException, TimeoutException {
    int events = ATTACKERS * SOCKETS_OF_EACH / ATTACKS_PER_EVENT;
    CountDownLatch[] due = new CountDownLatch[events];
    for (int i = 0; i < events; i++) {
      due[i] = new CountDownLatch(ATTACKS_PER_EVENT);
    }
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> attackers = new ArrayList<>();
      for (int a = 0; a < ATTACKERS; a++) {
        int attacker = a;
        attackers.add(threads.submit(() -> attack(attacker, due)));
      }
      for (int i = 0; i < events; i++) {
        assertThat(due[i].await(DEADLINE.toSeconds(), TimeUnit.SECONDS))
            .as("attack goes on")
            .isTrue();
        api.publish("news", "tick", Integer.toString(i));
      }
      for (Future<?> attacker : attackers) {
        attacker.get(DEADLINE.toSeconds(), TimeUnit.SECONDS);
      }
    }
    return events;
  }

  private void attack(int attacker, CountDownLatch[] due) {
    Random random = new Random(SEED + attacker);
    for (int i = 0; i < SOCKETS_OF_EACH; i++) {
      try {
        if (random.nextInt(3) == 0) {
          attackWithRequest(random);
        } else {
          attackWithFrames(random);
        }
      } catch (IOException e) {
        throw new UncheckedIOException("attacker " + attacker + ", socket " + i, e);
      }
      due[(i * ATTACKERS + attacker) / ATTACKS_PER_EVENT].countDown();
    }
  }

  private void attackWithFrames(Random random) throws IOException {
    ByteArrayOutputStream stream = new ByteArrayOutputStream();
    for (int i = 0; i < FRAMES_OF_A_SOCKET; i++) {
      stream.writeBytes(HostileFrames.random(random));
    }
    try (RawSocket socket = node.connect()) {
      send(socket, stream.toByteArray(), random.nextBoolean());
    }
  }

  private void attackWithRequest(Random random) throws IOException {
    try (RawSocket socket = new RawSocket(node.port())) {
      send(socket, HostileRequests.random(random, requests), random.nextBoolean());
    }
  }

  /// Sends, and reads until the server ends TCP or leaves at once.
  private static void send(RawSocket socket, byte[] bytes, boolean isPatient) throws IOException {
    try {
      socket.send(bytes);
      if (isPatient) {
        socket.endOutput();
        socket.rest();
      }
    } catch (SocketException e) {
      // the server may close before the attacker has sent everything
    }
  }

  private void assertNothingWasLost(int published) throws Exception {
    List<String> expected = new ArrayList<>();
    for (int i = 0; i < published; i++) {
      expected.add("{\"event\":\"tick\",\"channel\":\"news\",\"data\":\"" + i + "\"}");
    }
    expected.add("{\"event\":\"last\",\"channel\":\"news\",\"data\":\"\"}");
    for (Witness witness : witnesses) {
      // The last count of subscribers is sent some time after they have joined.
      assertThat(witness.seen().get(DEADLINE.toSeconds(), TimeUnit.SECONDS))
          .filteredOn(text -> !text.contains(":subscription_count"))
          .isEqualTo(expected);
    }
  }

  /// Waits until no connection and no channel of the attackers is left.
  private void settle() {
    await("only the witnesses are left")
        .atMost(DEADLINE)
        .untilAsserted(() -> {
          assertThat(node.server().connections(node.app())).isEqualTo(WITNESSES);
          assertThat(api.get("/channels", "info=subscription_count").body())
              .isEqualTo("{\"channels\":{\"news\":{\"subscription_count\":4}}}");
        });
  }

  private void assertStillServes() throws IOException {
    try (RawSocket socket = node.connect()) {
      socket.subscribe("after");
      assertThat(socket.nextTextContaining("subscription_succeeded")).contains("after");
      api.publish("after", "still", "here");
      assertThat(socket.nextTextContaining("still")).contains("here");
    }
  }
}
