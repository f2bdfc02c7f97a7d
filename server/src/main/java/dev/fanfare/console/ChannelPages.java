package dev.fanfare.console;

import dev.fanfare.app.App;
import dev.fanfare.channel.Channel;
import dev.fanfare.channel.Channels;
import dev.fanfare.console.route.Reply;
import dev.fanfare.console.row.Retrospect;
import dev.fanfare.protocol.Json;
import dev.fanfare.protocol.Member;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/// The channels of an app: numbers of all nodes, as the HTTP API gives them, and of this one.
final class ChannelPages {

  /// Members that one answer has.
  private static final int MAX_MEMBERS = 100;

  private static final int MAX_PUBLISHES = 20;

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

  /// One of them, with its members and last publishes; of one without subscribers, the name that
  /// was probably meant.
  Reply show(App app, String name) {
    Channel channel = channels.find(app, name);
    Json.Writer out = Json.object().field("name", name);
    if (channel == null || !channel.isOccupied()) {
      out.field("subscribers", 0);
      similar(out, app, name);
    } else {
      numbers(out, channel);
      members(out, app, channel);
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

  private void members(Json.Writer out, App app, Channel channel) {
    if (channel.name().hasMembers()) {
      List<Member> members = channels.members(app, channel.name().value());
      out.startArray("members");
      for (Member member : members.subList(0, Math.min(MAX_MEMBERS, members.size()))) {
        out.startElement().field("id", member.userId()).endObject();
      }
      out.endArray();
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
