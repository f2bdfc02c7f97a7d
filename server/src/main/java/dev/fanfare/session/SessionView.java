package dev.fanfare.session;

import dev.fanfare.history.ClientTag;
import io.soabase.recordbuilder.core.RecordBuilder;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What the console shows of an open connection.
///
/// @param address of the client, behind trusted proxies too
/// @param transport how it is connected, see [dev.fanfare.observe.Peer#transport]
/// @param openedAtNs on the server's monotonic clock
/// @param userId the user who has signed in; null without one
/// @param tag by which the client is recognised; null if it has none
/// @param channels that it is subscribed to
/// @param lane the index of its lane
/// @param socket null if it has none
@RecordBuilder
public record SessionView(
    String socketId,
    String address,
    String transport,
    long openedAtNs,
    @Nullable String userId,
    @Nullable String tag,
    List<String> channels,
    int lane,
    @Nullable SocketState socket) {

  /// On the lane of the session.
  static SessionView of(Session session) {
    Connection connection = session.connection();
    SignedInUser user = session.user();
    ClientTag tag = session.introduction().tag();
    List<String> channels = new ArrayList<>(session.subscriptionCount());
    session.forEachSubscription(each -> channels.add(each.channelName().value()));
    return SessionViewBuilder.builder()
        .socketId(connection.socketId())
        .address(connection.address())
        .transport(connection.transport())
        .openedAtNs(session.openedAtNs())
        .userId(user == null ? null : user.id())
        .tag(tag == null ? null : tag.toString())
        .channels(List.copyOf(channels))
        .lane(connection.lane().index())
        .socket(connection.socketState())
        .build();
  }
}
