package dev.fanfare.config.schema;

import dev.fanfare.app.ChannelFilter;
import dev.fanfare.app.ChannelPattern;
import dev.fanfare.app.HistoryRule;
import dev.fanfare.app.HistoryRule.NewReader;
import dev.fanfare.app.HistoryRule.Replay;
import dev.fanfare.app.HistoryRule.Store;
import dev.fanfare.app.HistoryRule.Trait;
import dev.fanfare.app.HistoryRuleBuilder;
import dev.fanfare.config.value.ChannelExpression;
import dev.fanfare.config.value.Kind;
import dev.fanfare.config.value.TraitList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// The options of one rule for history: keys of an entry of an app's `history:`, variables
/// `FANFARE_APP_HISTORY_0_…` and `FANFARE_APPS_0_HISTORY_0_…`.
public final class HistorySchema {

  private static final HistoryRule DEFAULTS = HistoryRule.DEFAULTS;

  private static final Kind<String> PART =
      new Kind.Text(
          Pattern.compile("#?[A-Za-z0-9_=@,.;-]{0,1000}"),
          "empty or part of a channel name: letters, digits and _ - = @ , . ;, after a # or not");

  static final Option<String> PREFIX =
      Option.of("channels.prefix", PART, "", "Only channels whose name begins with this text.");

  static final Option<String> SUFFIX =
      Option.of("channels.suffix", PART, "", "Only channels whose name ends with this text.");

  static final Option<ChannelPattern> PATTERN =
      Option.of(
          "channels.pattern",
          new ChannelExpression(),
          ChannelPattern.ANY,
          "Only channels whose whole name matches this expression, such as `feed-[0-9]+`.");

  public static final Option<Store> STORE =
      Option.of(
          "store",
          new Kind.Choice<>(Store.class),
          DEFAULTS.store(),
          "Where events are kept: `memory` loses them if the server is killed, `disk` keeps them in"
              + " the folder `history` of `webhooks.data_dir`; both are for a server without"
              + " `cluster.bus`. `shared` keeps them in Redis or in NATS JetStream for all nodes,"
              + " and is the default with `cluster.bus`.");

  public static final Option<Replay> REPLAY =
      Option.of(
          "replay",
          new Kind.Choice<>(Replay.class),
          DEFAULTS.replay(),
          "What a subscriber gets: `resume` what it missed while it was away, if it is recognised;"
              + " `rewind` the same, and the last events if it is not; `mailbox` what its device"
              + " has not confirmed yet, and needs `store: disk` or `shared`; `none` nothing, so"
              + " that events are kept for the HTTP API only.");

  public static final Option<Integer> KEEP_EVENTS =
      Option.of(
          "keep_events",
          new Kind.Whole(1, 100_000),
          DEFAULTS.keepEvents(),
          "Events that a channel keeps; above this limit, the oldest is dropped.");

  public static final Option<Integer> KEEP_SECONDS =
      Option.of(
          "keep_seconds",
          new Kind.Whole(1, 31_536_000),
          DEFAULTS.keepSeconds(),
          "Seconds after which an event is dropped.");

  static final Option<Integer> KEEP_BYTES =
      Option.of(
          "keep_bytes",
          new Kind.Whole(1_024, 268_435_456),
          DEFAULTS.keepBytes(),
          "Memory for the events of one channel, in bytes, with 256 for each event besides its"
              + " text; above this limit, the oldest is dropped.");

  public static final Option<Integer> REWIND_EVENTS =
      Option.of(
          "rewind_events",
          new Kind.Whole(1, 1_000),
          DEFAULTS.rewindEvents(),
          "The most events that a new subscriber gets with `rewind`.");

  public static final Option<Integer> REWIND_SECONDS =
      Option.of(
          "rewind_seconds",
          new Kind.Whole(0, 86_400),
          DEFAULTS.rewindSeconds(),
          "Seconds up to which events are replayed with `rewind`; 0 for any age.");

  public static final Option<Integer> RESUME_SECONDS =
      Option.of(
          "resume_seconds",
          new Kind.Whole(0, 86_400),
          DEFAULTS.resumeSeconds(),
          "Seconds within which a subscriber that was away gets what it missed; 0 for never.");

  static final Option<Integer> REPLAY_EVENTS =
      Option.of(
          "replay_events",
          new Kind.Whole(1, 10_000),
          DEFAULTS.replayEvents(),
          "The most events that one subscription gets of those that it missed; above this limit,"
              + " it is notified of a gap.");

  public static final Option<NewReader> NEW_READER =
      Option.of(
          "new_reader",
          new Kind.Choice<>(NewReader.class),
          DEFAULTS.newReader(),
          "With `mailbox`, what a device gets that was never seen: `all` that is kept, `shared`"
              + " what no other reader has confirmed, or `none`.");

  static final Option<List<Trait>> IDENTIFY =
      Option.of(
          "identify",
          new TraitList(),
          DEFAULTS.identify(),
          "By what a subscriber that was away is recognised, the first that is known: `tag` behind"
              + " the app key, `device` in the signed `data`, `user`, a `cookie` that the"
              + " handshake sets, source `address` and client library.");

  static final Option<Boolean> CLIENT_EVENTS =
      Option.of(
          "client_events",
          new Kind.OnOff(),
          DEFAULTS.clientEvents(),
          "Keeps events that clients send, too.");

  public static final Option<Boolean> PRESENCE_EVENTS =
      Option.of(
          "presence_events",
          new Kind.OnOff(),
          DEFAULTS.presenceEvents(),
          "Keeps joins and leaves of the users of presence channels for the HTTP API, by the same"
              + " limits as events and beside them.");

  static final Option<Boolean> EVENT_IDS =
      Option.of(
          "event_ids",
          new Kind.OnOff(),
          DEFAULTS.eventIds(),
          "Subscribers receive kept events with the additional member `id`.");

  static final Option<String> ID_IN_DATA =
      Option.of(
          "id_in_data",
          new Kind.Text(
              Pattern.compile("[A-Za-z0-9_]{0,64}"), "empty or a name: letters, digits and _"),
          DEFAULTS.idInData(),
          "The id is also the first member, with this name, of `data` that is a JSON object:"
              + " pusher-js does not pass on the member `id`. Not on encrypted channels. Empty for"
              + " none.");

  public static final List<Option<?>> OWN =
      List.of(
          REPLAY,
          STORE,
          KEEP_EVENTS,
          KEEP_SECONDS,
          KEEP_BYTES,
          REWIND_EVENTS,
          REWIND_SECONDS,
          RESUME_SECONDS,
          REPLAY_EVENTS,
          NEW_READER,
          IDENTIFY,
          CLIENT_EVENTS,
          PRESENCE_EVENTS,
          EVENT_IDS,
          ID_IN_DATA);

  /// The keys below `channels:`.
  public static final List<Option<?>> CHANNELS = List.of(PREFIX, SUFFIX, PATTERN);

  public static final List<Option<?>> ALL =
      Stream.of(OWN, CHANNELS).<Option<?>>flatMap(List::stream).toList();

  private HistorySchema() {}

  public static HistoryRule rule(Section rule) {
    return HistoryRuleBuilder.builder()
        .channels(new ChannelFilter(rule.get(PREFIX), rule.get(SUFFIX), rule.get(PATTERN)))
        .store(rule.get(STORE))
        .replay(rule.get(REPLAY))
        .keepEvents(rule.get(KEEP_EVENTS))
        .keepSeconds(rule.get(KEEP_SECONDS))
        .keepBytes(rule.get(KEEP_BYTES))
        .rewindEvents(rule.get(REWIND_EVENTS))
        .rewindSeconds(rule.get(REWIND_SECONDS))
        .resumeSeconds(rule.get(RESUME_SECONDS))
        .replayEvents(rule.get(REPLAY_EVENTS))
        .newReader(rule.get(NEW_READER))
        .identify(rule.get(IDENTIFY))
        .clientEvents(rule.get(CLIENT_EVENTS))
        .presenceEvents(rule.get(PRESENCE_EVENTS))
        .eventIds(rule.get(EVENT_IDS))
        .idInData(rule.get(ID_IN_DATA))
        .build();
  }
}
