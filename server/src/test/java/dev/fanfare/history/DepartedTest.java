package dev.fanfare.history;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Positions of subscriptions that ended: who goes on where, and for how long.
final class DepartedTest {

  private static final Identity TAG = new Identity(Identity.Kind.TAG, "phone");
  private static final Identity USER = new Identity(Identity.Kind.USER, "7");
  private static final long RESUME_NS = TimeUnit.SECONDS.toNanos(120);

  private static final ResumeOptions OPTIONS = ResumeOptions.DEFAULTS.withMaxConnections(100);

  private final Departed departed = new Departed(OPTIONS, 150);
  private long nowNs = 1;

  private static EventId id(long number) {
    return new EventId(number, 0);
  }

  private Reader begin(Identity identity, String socketId, long confirmed) {
    return departed.begin("1", "feed", identity, socketId, null, id(confirmed));
  }

  private Departed.@Nullable Position depart(Reader reader, @Nullable EventId given) {
    return reader.depart(given, nowNs + RESUME_NS, nowNs);
  }

  private Departed.@Nullable Claim claim(Identity identity) {
    return departed.claim("1", "feed", identity, nowNs);
  }

  private @Nullable EventId claimed(Identity identity) {
    Departed.Claim claim = claim(identity);
    return claim == null ? null : claim.after();
  }

  private void pass(long seconds) {
    nowNs += TimeUnit.SECONDS.toNanos(seconds);
  }

  @Test
  void aTagTakesItsPositionOnce() {
    Reader reader = begin(TAG, "1.1", 5);
    assertThat(reader.confirm(id(8), false)).isFalse();
    assertThat(depart(reader, id(9))).isNotNull();
    pass(119);
    assertThat(departed.waiting()).isEqualTo(1);
    assertThat(claim(TAG)).isEqualTo(new Departed.Claim(id(8), EventId.NONE, List.of("1.1"), 0));
    assertThat(claim(TAG)).isNull();
    assertThat(departed.waiting()).isZero();
  }

  @Test
  void aPositionIsForgottenAfterItsTime() {
    depart(begin(TAG, "1.1", 5), null);
    pass(120);
    assertThat(claim(TAG)).isNull();
    depart(begin(USER, "1.1", 5), null);
    pass(120);
    assertThat(begin(TAG, "1.2", 5).depart(null, nowNs, nowNs)).isNull();
    assertThat(departed.waiting()).isZero();
  }

  @Test
  void whatWasLostBeforeAPurgeIsNotReported() {
    depart(begin(TAG, "1.1", 5), null);
    departed.closed("1", "feed", id(7));
    departed.purged("1", "feed", false);
    departed.purged("1", "unknown", true);
    assertThat(claim(TAG)).isEqualTo(new Departed.Claim(id(5), EventId.NONE, List.of("1.1"), 0));
  }

  @Test
  void positionsOfAChannelOrOfAClientAreForgotten() {
    depart(begin(TAG, "1.1", 5), null);
    depart(begin(USER, "1.2", 5), null);
    depart(departed.begin("1", "news", USER, "1.2", null, id(5)), null);
    depart(departed.begin("2", "news", USER, "2.2", null, id(5)), null);
    departed.forget("1", USER);
    assertThat(departed.waiting()).isEqualTo(2);
    assertThat(claim(USER)).isNull();
    departed.purged("1", "feed", true);
    assertThat(claim(TAG)).isNull();
    assertThat(departed.waiting()).isEqualTo(1);
    assertThat(departed.claim("2", "news", USER, nowNs)).isNotNull();
    assertThat(departed.forgotten()).isZero();
  }

  @Test
  void channelsAndAppsAreSeparate() {
    depart(begin(TAG, "1.1", 5), null);
    assertThat(departed.claim("1", "news", TAG, nowNs)).isNull();
    assertThat(departed.claim("2", "feed", TAG, nowNs)).isNull();
    assertThat(claimed(new Identity(Identity.Kind.USER, "phone"))).isNull();
    assertThat(claimed(TAG)).isEqualTo(id(5));
  }

  @Test
  void anAnsweredCloseFrameConfirmsWhatWasWritten() {
    Departed.Position position = depart(begin(TAG, "1.1", 5), id(9));
    assertThat(position).isNotNull();
    position.confirm();
    assertThat(claimed(TAG)).isEqualTo(id(9));
  }

  @Test
  void aSubscriptionThatEndedLeavesNothing() {
    Reader reader = begin(TAG, "1.1", 5);
    reader.end();
    reader.end();
    assertThat(depart(reader, null)).isNull();
    assertThat(claim(TAG)).isNull();
  }

  @Test
  void aTagTakesThePositionOfAConnectionThatSeemsAlive() {
    Reader silent = begin(TAG, "1.1", 5);
    assertThat(claim(TAG)).isEqualTo(new Departed.Claim(id(5), EventId.NONE, List.of("1.1"), 0));
    begin(TAG, "1.2", 5);
    assertThat(depart(silent, id(9))).as("leaves none later").isNull();
  }

  @Test
  void theSocketsOfAClientThatComesBackTwiceAreKnown() {
    depart(begin(TAG, "1.1", 5), null);
    Departed.Claim first = claim(TAG);
    depart(departed.begin("1", "feed", TAG, "1.2", first, id(5)), null);
    assertThat(claim(TAG))
        .isEqualTo(new Departed.Claim(id(5), EventId.NONE, List.of("1.2", "1.1"), 0));
  }

  @Test
  void aTagOfSeveralClientsIsTreatedAsWide() {
    Reader one = begin(TAG, "1.1", 5);
    assertThat(claim(TAG)).isNotNull();
    Reader two = begin(TAG, "1.2", 5);
    assertThat(one.confirm(id(6), one.isTaken())).as("first time").isTrue();
    assertThat(one.confirm(id(7), one.isTaken())).isFalse();
    depart(one, null);
    depart(two, null);
    assertThat(claim(TAG)).isEqualTo(new Departed.Claim(id(5), EventId.NONE, List.of(), 0));
    assertThat(claimed(TAG)).as("not removed").isEqualTo(id(5));
  }

  @Test
  void anAnswerThatWasOnItsWayIsNoSignOfASecondClient() {
    Reader silent = begin(TAG, "1.1", 5);
    silent.ask(id(6), nowNs);
    boolean wasTaken = silent.isTaken();
    assertThat(claim(TAG)).isNotNull();
    assertThat(silent.confirm(id(6), wasTaken)).isFalse();
    assertThat(depart(silent, null)).isNull();
  }

  @Test
  void aUserStartsAtTheOldestPositionThatWaits() {
    Reader one = begin(USER, "1.1", 5);
    Reader two = begin(USER, "1.2", 3);
    depart(one, null);
    pass(10);
    depart(two, null);
    assertThat(claimed(USER)).isEqualTo(id(3));
    assertThat(claimed(USER)).isEqualTo(id(3));
    pass(119);
    assertThat(claimed(USER)).isEqualTo(id(3));
    pass(1);
    assertThat(claim(USER)).isNull();
  }

  @Test
  void aUserWhoOwesAnAnswerMayBeBackAlready() {
    Reader silent = begin(USER, "1.1", 5);
    silent.ask(id(6), nowNs);
    pass(2);
    assertThat(claim(USER)).isNull();
    pass(1);
    assertThat(claimed(USER)).isEqualTo(id(5));
    assertThat(silent.confirm(id(6), silent.isTaken())).isFalse();
    assertThat(claim(USER)).isNull();
  }

  @Test
  void aPositionThatMayStillMoveHidesNoOther() {
    Reader one = begin(USER, "1.1", 5);
    Reader two = begin(USER, "1.2", 3);
    depart(one, null);
    Departed.Position second = depart(two, id(9));
    assertThat(second).isNotNull();
    second.confirm();
    assertThat(claimed(USER)).isEqualTo(id(5));
  }

  @Test
  void aLaterAndOlderPositionCoversOthers() {
    for (int i = 10; i > 0; i--) {
      depart(begin(USER, "1." + i, i), null);
      pass(1);
    }
    assertThat(departed.waiting()).isEqualTo(1);
    assertThat(claimed(USER)).isEqualTo(id(1));
  }

  @Test
  void manyPositionsOfAUserAreMerged() {
    for (int i = 1; i <= 50; i++) {
      depart(begin(USER, "1." + i, i), null);
      pass(1);
    }
    assertThat(departed.waiting()).isEqualTo(Departed.MAX_WAITING);
    assertThat(claimed(USER)).isEqualTo(id(1));
    pass(118);
    assertThat(claimed(USER)).isEqualTo(id(50));
  }

  /// A connection is forgotten with all that it left.
  @Test
  void connectionsAreCountedAndNotTheirPositions() {
    for (int i = 0; i <= 100; i++) {
      String socketId = "1." + i;
      depart(begin(new Identity(Identity.Kind.TAG, "t" + i), socketId, 5), null);
      if (i % 25 == 0) {
        depart(begin(new Identity(Identity.Kind.TAG, "u" + i), socketId, 5), null);
      }
    }
    assertThat(departed.waiting()).isEqualTo(100 + 4);
    assertThat(departed.forgotten()).isEqualTo(2);
    assertThat(claimed(new Identity(Identity.Kind.TAG, "t0"))).isNull();
    assertThat(claimed(new Identity(Identity.Kind.TAG, "u0"))).isNull();
    assertThat(claimed(new Identity(Identity.Kind.TAG, "t1"))).isNotNull();
    assertThat(claimed(new Identity(Identity.Kind.TAG, "t25"))).isNotNull();
    depart(begin(new Identity(Identity.Kind.TAG, "v"), "1.101", 5), null);
    depart(begin(new Identity(Identity.Kind.TAG, "w"), "1.102", 5), null);
    assertThat(departed.forgotten())
        .as("one was taken, the other half of the second one still counts")
        .isEqualTo(3);
  }

  @Test
  void oneConnectionCannotLeaveAnyNumberOfPositions() {
    for (int i = 0; i < 200; i++) {
      depart(begin(new Identity(Identity.Kind.TAG, "t" + i), "1.1", 5), null);
    }
    assertThat(departed.waiting()).isEqualTo(150);
    assertThat(departed.forgotten()).isEqualTo(50);
  }

  @Test
  void whatWasConfirmedShortlyBeforeIsSentAgain() {
    Departed overlapping = new Departed(OPTIONS.withOverlapMilliseconds(300), 150);
    Reader reader = overlapping.begin("1", "feed", TAG, "1.1", null, new EventId(1_000, 7));
    reader.depart(null, nowNs + RESUME_NS, nowNs);
    Departed.Claim claim = overlapping.claim("1", "feed", TAG, nowNs);
    assertThat(claim).isNotNull();
    assertThat(claim.after()).isEqualTo(new EventId(1_000, 7));
    assertThat(claim.from()).isEqualTo(new EventId(700, 0));
    depart(begin(TAG, "1.1", 5), null);
    Departed.Claim plain = claim(TAG);
    assertThat(plain).isNotNull();
    assertThat(plain.from()).isEqualTo(plain.after());
  }

  @Test
  void thereIsALimitOnAllPositions() {
    for (int i = 0; i <= 100; i++) {
      depart(begin(new Identity(Identity.Kind.TAG, "t" + i), "1." + i, 5), null);
    }
    assertThat(departed.waiting()).isEqualTo(100);
    assertThat(departed.forgotten()).isEqualTo(1);
    assertThat(claimed(new Identity(Identity.Kind.TAG, "t0"))).isNull();
    assertThat(claimed(new Identity(Identity.Kind.TAG, "t1"))).isNotNull();
  }

  @Test
  void whatALogHasLostIsKnownAfterItWasClosed() {
    depart(begin(TAG, "1.1", 5), null);
    departed.closed("1", "feed", id(7));
    departed.closed("1", "feed", EventId.NONE);
    Departed.Claim claim = claim(TAG);
    assertThat(claim).isEqualTo(new Departed.Claim(id(5), id(7), List.of("1.1"), 0));
    depart(departed.begin("1", "feed", TAG, "1.2", claim, id(5)), null);
    assertThat(claim(TAG)).isNotNull().extracting(Departed.Claim::lost).isEqualTo(id(7));
  }

  /// One of several devices of a user: what it has got, exactly.
  private static final class Device {
    private @Nullable Reader reader;
    private long got;
    private long leftAtNs;
    private int number;
  }

  /// Random devices of one user come and go, some of them for the first time. None that comes back
  /// in time starts above what it has got.
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
  void noDeviceOfAUserMissesAnything(long seed) {
    Random random = new Random(seed);
    List<Device> devices = new ArrayList<>();
    long newest = 1;
    int returns = 0;
    for (int step = 0; step < 3_000; step++) {
      pass(random.nextInt(12));
      newest += random.nextInt(3);
      if (devices.isEmpty() || (devices.size() < 5 && random.nextInt(40) == 0)) {
        Device fresh = new Device();
        fresh.number = -1;
        devices.add(fresh);
        continue;
      }
      Device device = devices.get(random.nextInt(devices.size()));
      Reader reader = device.reader;
      if (reader != null && random.nextBoolean()) {
        device.got = newest;
        var _ = reader.confirm(id(newest), reader.isTaken());
      } else if (reader != null) {
        boolean isAnswered = random.nextInt(3) == 0;
        device.got = isAnswered ? newest : device.got;
        Departed.Position position = depart(reader, id(newest));
        if (isAnswered && position != null) {
          position.confirm();
        }
        device.reader = null;
        device.leftAtNs = nowNs;
      } else {
        Departed.Claim claim = claim(USER);
        boolean isInTime = device.number >= 0 && nowNs - device.leftAtNs < RESUME_NS;
        if (isInTime) {
          returns++;
          assertThat(claim).as("seed %s, step %s", seed, step).isNotNull();
          assertThat(claim.after()).isLessThanOrEqualTo(id(device.got));
        }
        device.got = claim == null ? newest : claim.after().ms();
        device.number = step;
        device.reader = departed.begin("1", "feed", USER, "1." + step, claim, id(device.got));
      }
    }
    assertThat(returns).isPositive();
    assertThat(departed.waiting()).isLessThanOrEqualTo(Departed.MAX_WAITING);
  }
}
