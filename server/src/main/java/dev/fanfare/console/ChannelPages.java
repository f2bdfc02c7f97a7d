package dev.fanfare.console;

import dev.fanfare.app.App;
import dev.fanfare.channel.Channel;
import dev.fanfare.channel.Channels;
import dev.fanfare.console.route.Reply;
import dev.fanfare.console.row.Retrospect;
import dev.fanfare.history.HistoryPage;
import dev.fanfare.history.KeptEvent;
import dev.fanfare.history.StoredEvent;
import dev.fanfare.protocol.ChannelName;
import dev.fanfare.protocol.Json;
import dev.fanfare.protocol.Member;
import dev.fanfare.protocol.Parsed;
import dev.fanfare.protocol.Publication;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/// The channels of an app: numbers of all nodes, as the HTTP API gives them, and of this one.
final class ChannelPages {

  /// Members that one answer has.
  private static final int MAX_MEMBERS = 100;

  private static final int MAX_PUBLISHES = 20;

  private static final HistoryPage.Query NEWEST_KEPT = new HistoryPage.Query(20, false, null, null);

  private final Channels channels;
  private final Traces traces;
  private final Retrospect retrospect;
  private final RowJson json;

  ChannelPages(Channels channels, Traces traces, Retrospect retrospect, RowJson json) {
    this.channels = channels;
    this.traces = traces;
    this.retrospect = retrospect;
    this.json = json;
  }

  /// A page of those with subscribers, by their names.
  ///
  /// @param after only those with higher names
  Reply list(App app, String prefix, String after, int limit) {
    Comparator<Channel> byName = Comparator.comparing(channel -> channel.name().value());
    PriorityQueue<Channel> lowest = new PriorityQueue<>(byName.reversed());
    channels.forEachOccupied(
        app,
        channel -> {
          String name = channel.name().value();
          if (name.startsWith(prefix) && name.compareTo(after) > 0) {
            lowest.add(channel);
            if (lowest.size() > limit) {
              lowest.remove();
            }
          }
        });
    List<Channel> page = lowest.stream().sorted(byName).toList();
    Json.Writer out = Json.object().field("total", channels.count(app)).startArray("channels");
    for (Channel channel : page) {
      out.startElement().field("name", channel.name().value());
      numbers(out, channel);
      out.endObject();
    }
    out.endArray();
    if (page.size() == limit) {
      out.field("next", page.getLast().name().value());
    }
    return Reply.of(out);
  }

  /// One of them, with its members, what it keeps, and its last publishes; of one without
  /// subscribers, the name that was probably meant.
  ///
  /// @param member the beginning of the members' ids
  /// @param after only the members after this one
  Reply show(App app, String name, String member, String after) {
    Channel channel = channels.find(app, name);
    Json.Writer out = Json.object().field("name", name);
    if (channel == null || !channel.isOccupied()) {
      out.field("subscribers", 0);
      similar(out, app, name);
    } else {
      numbers(out, channel);
      members(out, app, channel, member, after);
    }
    if (ChannelName.parse(name, Integer.MAX_VALUE) instanceof Parsed.Ok<ChannelName>(var parsed)) {
      cached(out, app, parsed);
      kept(out, app, parsed);
    }
    AppTraces ofApp = traces.of(app.id());
    json.traces(
        out,
        "publishes",
        ofApp.newest(Long.MAX_VALUE, MAX_PUBLISHES, each -> each.channel.equals(name)));
    return Reply.of(out);
  }

  /// Writes the name that was probably meant by that of a channel without subscribers, if there is
  /// one.
  void similar(Json.Writer out, App app, String name) {
    String near = near(app, name);
    if (near != null) {
      out.startObject("similar").field("name", near);
      out.field("subscribers", subscribers(app, near)).endObject();
    }
  }

  private static void numbers(Json.Writer out, Channel channel) {
    out.field("subscribers", channel.subscribers());
    out.field("subscribers_here", channel.localSubscribers());
    if (channel.name().hasMembers()) {
      out.field("users", channel.users());
    }
  }

  private void members(Json.Writer out, App app, Channel channel, String prefix, String after) {
    if (!channel.name().hasMembers()) {
      return;
    }
    List<Member> page =
        channels.members(app, channel.name().value()).stream()
            .filter(member -> member.userId().startsWith(prefix))
            .filter(member -> member.userId().compareTo(after) > 0)
            .sorted(Comparator.comparing(Member::userId))
            .limit(MAX_MEMBERS)
            .toList();
    out.startArray("members");
    for (Member member : page) {
      out.startElement().field("id", member.userId());
      if (traces.hasPayloads()) {
        out.field("info", member.infoJson());
      }
      out.endObject();
    }
    out.endArray();
    if (page.size() == MAX_MEMBERS) {
      out.field("next", page.getLast().userId());
    }
  }

  /// Writes the event that a cache channel has for later subscribers.
  private void cached(Json.Writer out, App app, ChannelName name) {
    KeptEvent event = name.isCached() ? channels.kept(app, name.value()) : null;
    if (event != null) {
      out.startObject("cached");
      content(out, event.publication());
      out.endObject();
    }
  }

  /// Writes the newest events that a rule keeps.
  private void kept(Json.Writer out, App app, ChannelName name) {
    if (!app.history().isEmpty()
        && channels.history(app, name, NEWEST_KEPT) instanceof Parsed.Ok<HistoryPage>(var page)) {
      out.startArray("kept");
      for (StoredEvent event : page.events()) {
        out.startElement().field("id", event.id().toString()).field("t", event.id().ms());
        content(out, event.publication());
        out.endObject();
      }
      out.endArray().field("kept_more", page.next() != null);
    }
  }

  private void content(Json.Writer out, Publication event) {
    out.field("event", event.event()).field("chars", event.data().length());
    RowJson.text(out, "user", event.userId());
    if (event.channel().isEncrypted()) {
      out.field("encrypted", true);
    } else if (traces.hasPayloads()) {
      out.field("data", event.data());
    }
  }

  /// The name that was probably meant by that of a channel without subscribers; null if there is
  /// none.
  @Nullable String near(App app, String name) {
    return NearNames.closest(channels, app, name, retrospect.channels(app.id()));
  }

  /// Connections that are subscribed on all nodes.
  int subscribers(App app, String name) {
    Channel channel = channels.find(app, name);
    return channel == null ? 0 : channel.subscribers();
  }
}
