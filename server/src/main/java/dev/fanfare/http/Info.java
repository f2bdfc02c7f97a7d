package dev.fanfare.http;

import dev.fanfare.app.App;
import dev.fanfare.bus.Bus;
import dev.fanfare.bus.NodesView;
import dev.fanfare.channel.Channel;
import dev.fanfare.channel.Channels;
import dev.fanfare.history.EventId;
import dev.fanfare.history.KeptEvent;
import dev.fanfare.observe.NanoClock;
import dev.fanfare.protocol.ChannelName;
import dev.fanfare.protocol.Json;
import dev.fanfare.protocol.Parsed;
import dev.fanfare.protocol.Publication;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// The `info` attributes that a request may ask for, and their values (sections 6.4 to 6.7), from
/// what this node knows about all nodes.
public final class Info {

  /// How complete an answer is; only if there is a bus to other nodes.
  private static final String CONSISTENCY = "X-Fanfare-Consistency";

  enum Attribute {
    USER_COUNT,
    SUBSCRIPTION_COUNT,
    CACHE,

    /// The newest events that the channel keeps; only if the app has rules for that.
    HISTORY,

    /// Of the event that was published; only if the app has rules for history.
    ID;

    String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private static final Set<Attribute> EVENT =
      EnumSet.of(Attribute.USER_COUNT, Attribute.SUBSCRIPTION_COUNT);
  private static final Set<Attribute> EVENT_WITH_ID =
      EnumSet.of(Attribute.USER_COUNT, Attribute.SUBSCRIPTION_COUNT, Attribute.ID);
  private static final Set<Attribute> CHANNEL =
      EnumSet.range(Attribute.USER_COUNT, Attribute.CACHE);

  private final Channels channels;
  private final NanoClock clock;
  private final Bus bus;

  /// @param bus knows how complete the answers are
  public Info(Channels channels, NanoClock clock, Bus bus) {
    this.channels = channels;
    this.clock = clock;
    this.bus = bus;
  }

  /// What a request about a channel may ask for.
  static Set<Attribute> ofChannel(App app) {
    return app.history().isEmpty()
        ? CHANNEL
        : EnumSet.range(Attribute.USER_COUNT, Attribute.HISTORY);
  }

  /// What a publish may ask for.
  static Set<Attribute> ofEvent(App app) {
    return app.history().isEmpty() ? EVENT : EVENT_WITH_ID;
  }

  /// A success whose content depends on all nodes.
  Response answer(byte[] json) {
    NodesView nodes = bus.nodes();
    Response response = Response.json(json);
    return nodes.isAlone()
        ? response
        : response.withHeader(CONSISTENCY, nodes.consistency(NanoClock.SYSTEM.nanoTime()));
  }

  /// Parses a comma-separated list; only `allowed` attributes are valid here.
  static Parsed<Set<Attribute>> parse(@Nullable String info, Set<Attribute> allowed) {
    Set<Attribute> requested = EnumSet.noneOf(Attribute.class);
    for (String word : info == null ? new String[0] : info.split(",", -1)) {
      String name = word.strip();
      if (!name.isEmpty()) {
        Attribute attribute = find(name, allowed);
        if (attribute == null) {
          return new Parsed.Bad<>(
              "info should be a comma separated list of attributes: '"
                  + name
                  + "' is not one of "
                  + String.join(", ", allowed.stream().map(Attribute::text).toList()));
        }
        requested.add(attribute);
      }
    }
    return new Parsed.Ok<>(requested);
  }

  /// Writes those of the requested attributes that apply to the channel.
  void write(Json.Writer out, App app, ChannelName name, Set<Attribute> requested) {
    Channel channel = channels.find(app, name.value());
    if (requested.contains(Attribute.USER_COUNT) && name.hasMembers()) {
      out.field("user_count", channel == null ? 0 : channel.users());
    }
    if (requested.contains(Attribute.SUBSCRIPTION_COUNT)) {
      out.field("subscription_count", channel == null ? 0 : channel.subscribers());
    }
    if (requested.contains(Attribute.CACHE) && name.isCached()) {
      writeCache(out, channels.kept(app, name.value()));
    }
  }

  /// What is known about the channels of an event that was published.
  ///
  /// @param ids of the event by channel; null where no rule keeps it
  byte[] counts(
      App app,
      List<Publication> publications,
      Set<Attribute> requested,
      List<@Nullable EventId> ids) {
    Json.Writer out = Json.object().startObject("channels");
    for (int i = 0; i < publications.size(); i++) {
      ChannelName name = publications.get(i).channel();
      out.startObject(name.value());
      write(out, app, name, requested);
      writeId(out, requested, ids.get(i));
      out.endObject();
    }
    return out.endObject().utf8();
  }

  /// What is known about the channels of a batch.
  byte[] batchCounts(
      App app,
      List<Publication> publications,
      List<Set<Attribute>> requested,
      List<@Nullable EventId> ids) {
    Json.Writer out = Json.object().startArray("batch");
    for (int i = 0; i < publications.size(); i++) {
      out.startElement();
      write(out, app, publications.get(i).channel(), requested.get(i));
      writeId(out, requested.get(i), ids.get(i));
      out.endObject();
    }
    return out.endArray().utf8();
  }

  /// What is known about the channel of one event of a batch.
  byte[] count(App app, ChannelName name, Set<Attribute> requested, @Nullable EventId id) {
    Json.Writer out = Json.object();
    write(out, app, name, requested);
    writeId(out, requested, id);
    return out.utf8();
  }

  private static void writeId(Json.Writer out, Set<Attribute> requested, @Nullable EventId id) {
    if (id != null && requested.contains(Attribute.ID)) {
      out.field("id", id.toString());
    }
  }

  private void writeCache(Json.Writer out, @Nullable KeptEvent kept) {
    if (kept == null) {
      out.nullField("cache");
      return;
    }
    long ttl = TimeUnit.NANOSECONDS.toSeconds(kept.expiresAtNs() - clock.nanoTime());
    out.startObject("cache").field("data", kept.data()).field("ttl", ttl).endObject();
  }

  private static @Nullable Attribute find(String name, Set<Attribute> allowed) {
    for (Attribute attribute : allowed) {
      if (attribute.text().equals(name)) {
        return attribute;
      }
    }
    return null;
  }
}
