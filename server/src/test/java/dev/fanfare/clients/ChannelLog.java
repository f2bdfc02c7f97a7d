package dev.fanfare.clients;

import com.pusher.client.channel.PresenceChannelEventListener;
import com.pusher.client.channel.PrivateEncryptedChannelEventListener;
import com.pusher.client.channel.PusherEvent;
import com.pusher.client.channel.User;
import java.time.Duration;
import java.util.Set;

/// What an app receives on one channel of any kind, one line each:
///
///     subscribed
///     members [anna, ben]
///     joined ben
///     left ben
///     greeting: {"text":"hello"}
///     client-typing by ben: {}
///     refused: …
///     undecryptable: greeting
final class ChannelLog
    implements PresenceChannelEventListener, PrivateEncryptedChannelEventListener {

  private final Inbox<String> lines;

  ChannelLog(String channel) {
    lines = new Inbox<>(channel);
  }

  /// The next line.
  String next() {
    return lines.next();
  }

  /// The next line, for which a client may have to reconnect several times.
  String next(Duration patience) {
    return lines.next("the next one", patience, _ -> true);
  }

  /// Waits for a line, discarding those before it.
  void skipTo(String line) {
    lines.skipTo(line);
  }

  /// The number of lines so far.
  int count() {
    return lines.count();
  }

  /// Waits until the subscription has succeeded, discarding earlier lines.
  ChannelLog awaitSubscribed() {
    lines.skipTo("subscribed");
    return this;
  }

  @Override
  public void onSubscriptionSucceeded(String channel) {
    lines.add("subscribed");
  }

  @Override
  public void onAuthenticationFailure(String message, Exception e) {
    lines.add("refused: " + message);
  }

  @Override
  public void onUsersInformationReceived(String channel, Set<User> users) {
    lines.add("members " + users.stream().map(User::getId).sorted().toList());
  }

  @Override
  public void userSubscribed(String channel, User user) {
    lines.add("joined " + user.getId());
  }

  @Override
  public void userUnsubscribed(String channel, User user) {
    lines.add("left " + user.getId());
  }

  @Override
  public void onDecryptionFailure(String event, String reason) {
    lines.add("undecryptable: " + event);
  }

  @Override
  public void onEvent(PusherEvent event) {
    String by = event.getUserId() == null ? "" : " by " + event.getUserId();
    lines.add(event.getEventName() + by + ": " + event.getData());
  }
}
