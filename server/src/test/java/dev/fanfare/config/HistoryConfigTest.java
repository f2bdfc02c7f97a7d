package dev.fanfare.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.app.ChannelFilter;
import dev.fanfare.app.HistoryRule;
import dev.fanfare.app.HistoryRule.NewReader;
import dev.fanfare.app.HistoryRule.Replay;
import dev.fanfare.app.HistoryRule.Store;
import dev.fanfare.app.HistoryRule.Trait;
import dev.fanfare.history.HistoryOptions;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Rules for history in a file and in variables, and every error in them.
final class HistoryConfigTest {

  @TempDir Path directory;
  private Given given;

  @BeforeEach
  void startEmpty() {
    given = new Given(directory);
  }

  private Given rule(String options) {
    return given.yaml(Given.APP + "    history:\n      - {" + options + "}\n");
  }

  private static ChannelFilter prefix(String prefix) {
    return ChannelFilter.ALL.withPrefix(prefix);
  }

  @Test
  void withoutRulesThereAreNone() {
    assertThat(given.yaml(Given.APP).config().apps().getFirst().history()).isEmpty();
    assertThat(given.yaml(Given.APP).printed()).doesNotContain("history:");
  }

  @Test
  void aFileSetsEveryOption() {
    Config config =
        given
            .yaml(
                Given.APP
                    + """
                        history:
                          - channels: {prefix: "#server-to-user-", suffix: x, pattern: ".*7.*"}
                            store: memory
                            replay: none
                            keep_events: 7
                            keep_seconds: 8
                            keep_bytes: 9000
                            client_events: true
                            event_ids: false
                          - {replay: rewind, rewind_events: 5, rewind_seconds: 60, presence_events: true}
                          - resume_seconds: 30
                            replay_events: 40
                            id_in_data: _id
                            identify: [cookie, address, tag]
                    """
                        .indent(0))
            .config();
    List<HistoryRule> rules = config.apps().getFirst().history();
    assertThat(rules).hasSize(3);
    assertThat(rules.getFirst().channels().matches("#server-to-user-7x")).isTrue();
    assertThat(rules.getFirst().channels().matches("#server-to-user-8x")).isFalse();
    assertThat(rules.getFirst().withChannels(ChannelFilter.ALL))
        .isEqualTo(
            HistoryRule.DEFAULTS
                .withReplay(Replay.NONE)
                .withKeepEvents(7)
                .withKeepSeconds(8)
                .withKeepBytes(9_000)
                .withClientEvents(true)
                .withEventIds(false));
    assertThat(rules.get(1))
        .isEqualTo(
            HistoryRule.DEFAULTS
                .withReplay(Replay.REWIND)
                .withRewindEvents(5)
                .withRewindSeconds(60)
                .withPresenceEvents(true));
    assertThat(rules.get(2))
        .isEqualTo(
            HistoryRule.DEFAULTS
                .withResumeSeconds(30)
                .withReplayEvents(40)
                .withIdInData("_id")
                .withIdentify(List.of(Trait.COOKIE, Trait.ADDRESS, Trait.TAG)));
  }

  @Test
  void onlyRulesForPresenceChannelsKeepJoinsAndLeaves() {
    String option = "presence_events: true";
    assertThat(rule("channels: {prefix: feed-}, " + option).problems())
        .containsExactly(
            "fanfare.yaml:6:54: apps[0].history[0].presence_events is true, but the rule covers no"
                + " presence channels: their names begin with presence-");
    for (String prefix : List.of("''", "pres", "presence-", "presence-room-")) {
      assertThat(rule("channels: {prefix: " + prefix + "}, " + option).problems()).isEmpty();
    }
  }

  @Test
  void anUnknownTraitIsRefused() {
    assertThat(rule("identify: [tag, ip]").problems())
        .containsExactly(
            "fanfare.yaml:6:26: apps[0].history[0].identify has \"ip\", but each must be one of"
                + " tag, data, user, cookie, address");
    assertThat(rule("identify: [tag, cookie]").printed())
        .containsPattern("        identify: \\[tag, cookie\\] ");
  }

  @Test
  void theFirstRuleThatCoversAChannelApplies() {
    HistoryRule one = HistoryRule.DEFAULTS.withChannels(prefix("feed-a"));
    HistoryRule two = HistoryRule.DEFAULTS.withChannels(prefix("feed-"));
    List<HistoryRule> rules = List.of(one, two);
    assertThat(HistoryRule.first(rules, "feed-ab")).isSameAs(one);
    assertThat(HistoryRule.first(rules, "feed-b")).isSameAs(two);
    assertThat(HistoryRule.first(rules, "news")).isNull();
  }

  @Test
  void variablesSetRulesAndReplaceThoseOfTheFile() {
    Config config =
        rule("replay: none")
            .variable("FANFARE_APP_ID", "1")
            .variable("FANFARE_APP_HISTORY_0_REPLAY", "rewind")
            .variable("FANFARE_APP_HISTORY_0_CHANNELS_PREFIX", "feed-")
            .variable("FANFARE_APPS_0_ID", "2")
            .variable("FANFARE_APPS_0_KEY", "second")
            .variable("FANFARE_APPS_0_SECRET", "s")
            .variable("FANFARE_APPS_0_HISTORY_1_REPLAY", "none")
            .config();
    assertThat(config.apps().getFirst().history())
        .containsExactly(
            HistoryRule.DEFAULTS.withReplay(Replay.REWIND).withChannels(prefix("feed-")));
    assertThat(config.apps().get(1).history())
        .containsExactly(HistoryRule.DEFAULTS.withReplay(Replay.NONE));
  }

  @Test
  void rulesArePrinted() {
    assertThat(rule("replay: rewind, keep_events: 50").printed())
        .containsPattern("    history:\n      - replay: rewind +# fanfare.yaml:6:18\n")
        .containsPattern("        keep_events: 50 ")
        .containsPattern("        channels:\n          prefix: \"\" ");
  }

  @Test
  void errorsAreReportedWithTheirPlace() {
    assertThat(rule("keep_events: 5").problems()).isEmpty();
    assertThat(rule("replay: letters").problems())
        .singleElement()
        .asString()
        .startsWith("fanfare.yaml:6:18: apps[0].history[0].replay is \"letters\"");
    assertThat(rule("replay: rewind, keep_eventz: 5").problems())
        .singleElement()
        .asString()
        .contains("apps[0].history[0].keep_eventz", "keep_events");
    assertThat(rule("replay: rewind, keep_events: 0").problems())
        .singleElement()
        .asString()
        .contains("apps[0].history[0].keep_events", "a whole number from 1 to 100000");
    assertThat(rule("replay: rewind, channels: {prefix: \"a b\"}").problems())
        .singleElement()
        .asString()
        .contains("apps[0].history[0].channels.prefix");
    assertThat(given.yaml(Given.APP + "    history: rewind\n").problems())
        .containsExactly(
            "fanfare.yaml:5:14: apps[0].history is a text, but must be a list with a dash before"
                + " each rule");
  }

  @Test
  void whatIsReplayedMustBeKept() {
    assertThat(rule("replay: rewind, rewind_events: 200").problems())
        .containsExactly(
            "fanfare.yaml:6:41: apps[0].history[0].rewind_events is 200, but"
                + " apps[0].history[0].keep_events is 100 (the default)");
    assertThat(rule("replay: rewind, keep_seconds: 10, rewind_seconds: 11").problems())
        .containsExactly(
            "fanfare.yaml:6:60: apps[0].history[0].rewind_seconds is 11, but"
                + " apps[0].history[0].keep_seconds is 10");
    assertThat(rule("replay: rewind, keep_events: 5").problems()).isEmpty();
    assertThat(rule("replay: none, rewind_events: 5").problems())
        .containsExactly(
            "fanfare.yaml:6:39: apps[0].history[0].rewind_events is set, but"
                + " apps[0].history[0].replay is none");
    assertThat(rule("rewind_events: 5").problems())
        .containsExactly(
            "fanfare.yaml:6:25: apps[0].history[0].rewind_events is set, but"
                + " apps[0].history[0].replay is resume (the default)");
    assertThat(rule("keep_seconds: 60, resume_seconds: 61").problems())
        .containsExactly(
            "fanfare.yaml:6:44: apps[0].history[0].resume_seconds is 61, but"
                + " apps[0].history[0].keep_seconds is 60");
    assertThat(rule("keep_seconds: 60").problems()).isEmpty();
  }

  @Test
  void aMailboxIsOnDisk() {
    assertThat(rule("replay: mailbox").problems())
        .containsExactly(
            "fanfare.yaml:6:18: apps[0].history[0].replay is mailbox, but"
                + " apps[0].history[0].store is memory (the default)");
    assertThat(rule("replay: rewind, new_reader: none, store: disk").problems())
        .containsExactly(
            "fanfare.yaml:6:38: apps[0].history[0].new_reader is set, but"
                + " apps[0].history[0].replay is rewind");
    Config config =
        rule("replay: mailbox, store: disk, new_reader: shared")
            .variable("FANFARE_HISTORY_DISK_BYTES", "2000000")
            .variable("FANFARE_HISTORY_SYNC_MILLISECONDS", "0")
            .variable("FANFARE_HISTORY_ON_DISK_FAILURE", "refuse")
            .variable("FANFARE_WEBHOOKS_DATA_DIR", "/var/lib/x")
            .config();
    assertThat(config.apps().getFirst().history())
        .containsExactly(
            HistoryRule.DEFAULTS
                .withReplay(Replay.MAILBOX)
                .withStore(Store.DISK)
                .withNewReader(NewReader.SHARED));
    assertThat(config.history())
        .isEqualTo(
            new HistoryOptions("/var/lib/x", 2_000_000, 0, HistoryOptions.DiskFailure.REFUSE));
  }

  @Test
  void aDiskNeedsAFolder() {
    assertThat(rule("store: disk").variable("FANFARE_WEBHOOKS_DATA_DIR", "").problems())
        .containsExactly(
            "fanfare.yaml:6:17: apps[0].history[0].store is disk, but FANFARE_WEBHOOKS_DATA_DIR is"
                + " empty");
  }

  private Given inACluster(String keys) {
    return rule(keys)
        .variable("FANFARE_CLUSTER_BUS", "redis")
        .variable("FANFARE_CLUSTER_REDIS_URLS", "redis://127.0.0.1:1");
  }

  @Test
  void memoryAndFilesAreOfOneNode() {
    assertThat(inACluster("store: disk").problems())
        .containsExactly(
            "fanfare.yaml:6:17: apps[0].history[0].store is disk, which nodes do not share, but"
                + " FANFARE_CLUSTER_BUS is redis");
    assertThat(inACluster("store: memory").problems())
        .containsExactly(
            "fanfare.yaml:6:17: apps[0].history[0].store is memory, which nodes do not share, but"
                + " FANFARE_CLUSTER_BUS is redis");
  }

  @Test
  void nodesShareHistory() {
    HistoryRule rewinding = HistoryRule.DEFAULTS.withReplay(Replay.REWIND).withStore(Store.SHARED);
    assertThat(inACluster("replay: rewind").config().apps().getFirst().history())
        .containsExactly(rewinding);
    assertThat(inACluster("replay: rewind, store: shared").config().apps().getFirst().history())
        .containsExactly(rewinding);
  }

  @Test
  void oneNodeSharesNothing() {
    assertThat(rule("store: shared").problems())
        .containsExactly(
            "fanfare.yaml:6:17: apps[0].history[0].store is shared, but cluster.bus is none");
  }

  @Test
  void nodesShareMailboxes() {
    for (String keys : new String[] {"replay: mailbox", "replay: mailbox, store: shared"}) {
      assertThat(inACluster(keys).config().apps().getFirst().history())
          .containsExactly(HistoryRule.DEFAULTS.withReplay(Replay.MAILBOX).withStore(Store.SHARED));
    }
  }

  @Test
  void nodesShareJoinsAndLeaves() {
    assertThat(inACluster("presence_events: true").config().apps().getFirst().history())
        .containsExactly(HistoryRule.DEFAULTS.withPresenceEvents(true).withStore(Store.SHARED));
  }

  @Test
  void nodesShareHistoryOverNats() {
    Given onNats =
        rule("replay: rewind")
            .variable("FANFARE_CLUSTER_BUS", "nats")
            .variable("FANFARE_CLUSTER_NATS_URLS", "nats://127.0.0.1:1");
    assertThat(onNats.config().apps().getFirst().history())
        .containsExactly(HistoryRule.DEFAULTS.withReplay(Replay.REWIND).withStore(Store.SHARED));
  }

  @Test
  void aReloadNamesChangedRules() {
    Config before = rule("replay: rewind").config();
    Config after = new Given(directory).yaml(Given.APP).config();
    assertThat(Differences.ofApps(before, after)).isEqualTo("app 1 changed: history");
    assertThat(FixedOptions.needed(before, after)).isEmpty();
  }
}
