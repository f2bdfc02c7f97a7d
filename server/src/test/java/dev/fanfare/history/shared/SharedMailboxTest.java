package dev.fanfare.history.shared;

import static dev.fanfare.history.shared.SharedNode.PATIENCE;
import static dev.fanfare.history.shared.SharedNode.RULE;
import static dev.fanfare.history.shared.SharedNode.event;
import static dev.fanfare.history.shared.SharedNode.reason;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fanfare.app.HistoryRule;
import dev.fanfare.app.HistoryRule.NewReader;
import dev.fanfare.history.EventId;
import dev.fanfare.history.EventLog;
import dev.fanfare.history.Gap;
import dev.fanfare.history.Identity;
import dev.fanfare.testing.MemoryStreams;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/// Where the readers of a mailbox begin on the nodes of a cluster, and which cursors remain.
final class SharedMailboxTest {

  private static final HistoryRule MAILBOX = RULE.withReplay(HistoryRule.Replay.MAILBOX);
  private static final Identity NAMELESS = new Identity(Identity.Kind.CHANNEL, "feed-7");

  private final MemoryStreams.Engine engine = new MemoryStreams.Engine();
  private final Map<String, EventId> ids = new HashMap<>();
  private int sockets;

  private static Identity tag(String name) {
    return new Identity(Identity.Kind.TAG, name);
  }

  private SharedNode node(HistoryRule rule) {
    return new SharedNode(engine, rule).begun();
  }

  private MailboxClient come(SharedNode node, Identity identity) {
    return new MailboxClient(node, identity, "1." + ++sockets, ids);
  }

  private void publish(SharedNode node, String... data) {
    for (String each : data) {
      ids.put(each, node.publish(each));
    }
  }

  private EventId id(String data) {
    return Objects.requireNonNull(ids.get(data));
  }

  /// What the device `phone` has confirmed.
  private EventId confirmed(SharedNode node) {
    return Objects.requireNonNull(cursors(node).get("d:phone")).confirmed();
  }

  private Map<String, Streams.Cursor> cursors(SharedNode node) {
    return node.store.streams().cursors(node.log.key()).toCompletableFuture().join();
  }

  @Test
  void aDeviceGetsOnTheOtherNodeWhatItHasNotConfirmed() {
    SharedNode a = node(MAILBOX);
    SharedNode b = node(MAILBOX);
    publish(a, "1", "2");
    MailboxClient phone = come(a, tag("phone"));
    assertThat(phone.given).containsExactly("1", "2");
    phone.confirm(id("1"));
    phone.depart();
    publish(a, "3");
    MailboxClient again = come(b, tag("phone"));
    assertThat(again.given).containsExactly("2", "3");
    assertThat(again.decision.gap()).isNull();
    assertThat(again.decision.sockets()).containsExactly("1.1");
    again.confirm();
    b.write();
    // Another session of the device, and one that names it in signed data.
    assertThat(come(a, tag("phone~two")).given).isEmpty();
    assertThat(come(a, new Identity(Identity.Kind.DEVICE, "phone")).given).isEmpty();
    assertThat(come(a, tag("desk")).given).containsExactly("1", "2", "3");
  }

  @Test
  void whatWasWrittenSurvivesTheNode() {
    SharedNode a = node(MAILBOX);
    publish(a, "1", "2", "3");
    MailboxClient phone = come(a, tag("phone~1"));
    phone.confirm(id("1"));
    a.write();
    phone.confirm(id("2")); // the node is killed before it has written this
    assertThat(come(node(MAILBOX), tag("phone~1")).given).containsExactly("2", "3");
    assertThat(come(node(MAILBOX), tag("phone~2")).given).containsExactly("2", "3");
  }

  @Test
  void aNewDeviceGetsWhatTheRuleSays() {
    SharedNode a = node(MAILBOX);
    publish(a, "1", "2", "3");
    MailboxClient desk = come(a, tag("desk"));
    desk.confirm(id("2"));
    desk.depart();
    HistoryRule shared = MAILBOX.withNewReader(NewReader.SHARED);
    assertThat(come(node(shared), tag("phone")).given).containsExactly("3");
    HistoryRule none = MAILBOX.withNewReader(NewReader.NONE);
    SharedNode b = node(none);
    assertThat(come(b, tag("fresh")).given).isEmpty();
    b.write(); // killed
    SharedNode c = node(none);
    publish(c, "4");
    assertThat(come(c, tag("fresh")).given).as("it was there before").containsExactly("4");
    MailboxClient few = come(node(MAILBOX.withReplayEvents(2)), tag("few"));
    assertThat(few.given).containsExactly("3", "4");
    assertThat(few.decision.gap()).isNull();
  }

  /// Its node is killed before it has written anything besides.
  @Test
  void aNewDeviceIsKnownBeforeItGetsAnything() {
    HistoryRule none = MAILBOX.withNewReader(NewReader.NONE);
    SharedNode a = node(none);
    publish(a, "1");
    assertThat(come(a, tag("phone~1")).given).isEmpty();
    SharedNode b = node(none);
    publish(b, "2");
    assertThat(come(b, tag("phone~2")).given).containsExactly("2");
  }

  @Test
  void clientsWithoutANameShareTheNewestCursor() {
    SharedNode a = node(MAILBOX);
    publish(a, "1", "2", "3");
    MailboxClient first = come(a, NAMELESS);
    assertThat(first.given).containsExactly("1", "2", "3");
    first.confirm(id("1"));
    a.write();
    MailboxClient desk = come(a, tag("desk"));
    desk.confirm(id("2"));
    a.write();
    assertThat(come(node(MAILBOX), NAMELESS).given).containsExactly("3");
    assertThat(come(node(MAILBOX), tag("~session")).given).containsExactly("3");
    first.depart(); // who comes back and who is new cannot be distinguished
    assertThat(come(node(MAILBOX), NAMELESS).given).containsExactly("2", "3");
  }

  @Test
  void anOlderPositionOfASessionCounts() {
    SharedNode a = node(MAILBOX);
    publish(a, "1", "2", "3");
    MailboxClient one = come(a, tag("phone~1"));
    one.confirm(id("1"));
    one.depart();
    MailboxClient two = come(a, tag("phone~2"));
    assertThat(two.given).containsExactly("2", "3");
    two.confirm();
    two.depart();
    assertThat(confirmed(a)).isEqualTo(id("3"));
    assertThat(come(node(MAILBOX), tag("phone~1")).given).containsExactly("2", "3");
  }

  @Test
  void aDeviceThatHasConfirmedNothingGetsItAgain() {
    SharedNode a = node(MAILBOX);
    publish(a, "1");
    come(a, tag("phone")).depart();
    SharedNode b = node(MAILBOX);
    MailboxClient again = come(b, tag("phone"));
    assertThat(again.given).containsExactly("1");
    assertThat(again.decision.gap()).isNull();
    again.confirm();
    again.depart();
    assertThat(come(a, tag("phone")).given).isEmpty();
  }

  @Test
  void whatIsMissingIsReportedAsAGap() {
    SharedNode a = node(MAILBOX.withReplayEvents(2));
    publish(a, "1");
    MailboxClient phone = come(a, tag("phone~1"));
    phone.confirm();
    phone.depart();
    publish(a, "2", "3", "4");
    MailboxClient tooMany = come(a, tag("phone~2"));
    assertThat(tooMany.decision.gap()).isEqualTo(new Gap(Gap.Reason.TOO_MANY, id("1"), id("3")));
    assertThat(tooMany.given).containsExactly("3", "4");
    engine.pass(TimeUnit.SECONDS.toMillis(MAILBOX.keepSeconds()) - 1);
    MailboxClient late = come(a, tag("phone~3"));
    late.depart();
    engine.pass(2);
    publish(a, "5");
    assertThat(come(a, tag("phone~4")).decision.gap())
        .isEqualTo(new Gap(Gap.Reason.EXPIRED, id("1"), id("5")));
  }

  @Test
  void aDeviceThatWasNotSeenForLongIsForgotten() {
    HistoryRule none = MAILBOX.withNewReader(NewReader.NONE);
    SharedNode a = node(none);
    come(a, tag("phone~1"));
    engine.pass(TimeUnit.SECONDS.toMillis(MAILBOX.keepSeconds()));
    publish(a, "1");
    assertThat(come(a, tag("phone~2")).given).isEmpty();
    assertThat(come(node(MAILBOX), tag("phone~3")).given).as("since then").isEmpty();
  }

  /// It came while the engine was away, so that it was not given what it had missed.
  @Test
  void aDeviceThatCameDuringAnOutageGetsItsEventsAfterwards() {
    SharedNode a = node(MAILBOX);
    SharedNode b = node(MAILBOX);
    publish(a, "1");
    MailboxClient phone = come(a, tag("phone~1"));
    phone.confirm();
    phone.depart();
    publish(a, "2");
    engine.stop();
    MailboxClient meanwhile = come(b, tag("phone~2"));
    assertThat(reason(meanwhile.decision)).isEqualTo(Gap.Reason.LOST);
    assertThat(meanwhile.decision.after()).isEqualTo(EventLog.END);
    MailboxClient nameless = come(b, NAMELESS);
    assertThat(reason(nameless.decision)).isEqualTo(Gap.Reason.LOST);
    engine.start(false);
    publish(b, "3");
    await().atMost(PATIENCE).until(() -> b.delivered.contains("3")); // after what b has not got
    assertThat(meanwhile.read().given).contains("3");
    meanwhile.confirm(id("3"));
    meanwhile.depart();
    nameless.confirm(id("3"));
    nameless.depart();
    b.write();
    assertThat(confirmed(a)).isEqualTo(id("1"));
    assertThat(come(a, tag("phone~3")).given).containsExactly("2", "3");
    assertThat(come(a, tag("phone~2")).given).containsExactly("2", "3");
    assertThat(come(a, tag("desk")).given).containsExactly("1", "2", "3");
  }

  @Test
  void whatCouldNotBeKeptIsReportedAsLost() {
    SharedNode a = node(MAILBOX);
    publish(a, "1");
    MailboxClient phone = come(a, tag("phone"));
    engine.stop();
    var _ = a.store.append("1", MAILBOX, event("2"), a.store.ticket());
    phone.confirm();
    a.write();
    phone.depart();
    engine.start(false);
    a.write();
    publish(a, "3");
    MailboxClient again = come(node(MAILBOX), tag("phone"));
    assertThat(reason(again.decision)).isEqualTo(Gap.Reason.LOST);
    assertThat(again.given).containsExactly("3");
  }

  @Test
  void aPurgeOfAUserForgetsTheCursors() {
    SharedNode a = node(MAILBOX);
    SharedNode b = node(MAILBOX);
    publish(a, "1", "2");
    for (SharedNode each : new SharedNode[] {a, b}) {
      MailboxClient client = come(each, tag("phone" + sockets));
      client.confirm(id("1"));
      each.write();
    }
    assertThat(cursors(a)).hasSize(2);
    var _ = a.log.purge(false, 0).await();
    assertThat(cursors(a)).hasSize(2);
    var _ = a.log.purge(true, 0).await();
    assertThat(cursors(b)).isEmpty();
    assertThat(come(b, tag("phone")).given).isEmpty();
  }
}
