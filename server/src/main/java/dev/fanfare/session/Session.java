package dev.fanfare.session;

import dev.fanfare.app.App;
import dev.fanfare.app.AppOptions;
import dev.fanfare.app.LiveApp;
import dev.fanfare.auth.Refusal;
import dev.fanfare.channel.Join;
import dev.fanfare.channel.lane.Departures;
import dev.fanfare.channel.lane.Subscription;
import dev.fanfare.history.Reader;
import dev.fanfare.observe.HeapExhaustion;
import dev.fanfare.observe.NanoClock;
import dev.fanfare.observe.Observation;
import dev.fanfare.observe.Quota;
import dev.fanfare.protocol.ChannelName;
import dev.fanfare.protocol.ClientMessage;
import dev.fanfare.protocol.ClientMessage.ClientEvent;
import dev.fanfare.protocol.ClientMessage.InvalidSignIn;
import dev.fanfare.protocol.ClientMessage.Malformed;
import dev.fanfare.protocol.ClientMessage.Ping;
import dev.fanfare.protocol.ClientMessage.Pong;
import dev.fanfare.protocol.ClientMessage.SignIn;
import dev.fanfare.protocol.ClientMessage.Subscribe;
import dev.fanfare.protocol.ClientMessage.Unsubscribe;
import dev.fanfare.protocol.CloseCode;
import dev.fanfare.protocol.Excerpt;
import dev.fanfare.protocol.ServerMessage;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// One client's session, from the greeting to the close. Confined to its connection's lane, except
/// [#terminate], [#isOlderThan] and [#appChanged].
public final class Session {

  private final LiveApp live;

  /// The options at the time of the handshake; [#app] has the current ones.
  private final AppOptions firstOptions;

  private final Connection connection;
  private final Introduction introduction;
  private final SessionContext context;
  private final long openedAtNs;

  private final Subscriptions subscriptions = new Subscriptions();
  private @Nullable SignedInUser user;

  /// Created by the first client event; most connections never send one.
  private @Nullable TokenBucket clientEventBucket;

  /// Created by the first subscription that may be resumed.
  private @Nullable Acknowledgement acknowledgement;

  private boolean hasSubscribed;

  /// True once it has signed in or joined a channel that needs a signature.
  private boolean isAuthorized;

  /// True once messages are no longer answered.
  private boolean isClosed;

  /// True once all its state is removed; set last, so that a failed clean-up is repeated.
  private boolean isForgotten;

  public Session(LiveApp live, Connection connection, SessionContext context) {
    this(live, connection, Introduction.NONE, context);
  }

  /// A session of a client that says something about itself.
  public Session(
      LiveApp live, Connection connection, Introduction introduction, SessionContext context) {
    this.live = live;
    this.introduction = introduction;
    this.firstOptions = live.current().options();
    this.connection = connection;
    this.context = context;
    this.openedAtNs = context.clock().nanoTime();
  }

  /// The app with its current options. What was negotiated in the handshake does not change.
  public App app() {
    return live.current();
  }

  LiveApp live() {
    return live;
  }

  Introduction introduction() {
    return introduction;
  }

  /// Something cannot be written: what the client was given is not known any more.
  public void onMissed() {
    if (acknowledgement != null) {
      acknowledgement.onMissed();
    }
  }

  /// The client has answered the server's close frame.
  public void onCloseAnswered(int code) {
    if (acknowledgement != null) {
      acknowledgement.onCloseAnswered(code);
    }
  }

  /// Null unless a subscription may be resumed.
  public @Nullable Acknowledgement acknowledgement() {
    return acknowledgement;
  }

  void forEachSubscription(Consumer<Subscription> visitor) {
    subscriptions.forEach(visitor);
  }

  /// The connection read too slowly and lost events.
  public void onDropped(int events) {
    assert connection.lane().onOwner();
    context.listener().on(new Observation.EventsDropped(app(), connection, events));
  }

  /// The connection is read more slowly than it sends; called once by each limit.
  public void onReadingPaused(String reason) {
    assert connection.lane().onOwner();
    context.listener().on(new Observation.ReadingPaused(app(), connection, reason));
  }

  Connection connection() {
    return connection;
  }

  /// Greets the client, or returns false if the app has reached its connection limit. The greeting
  /// must be the first frame (section 1.2).
  public boolean onOpen(int activityTimeoutSeconds) {
    assert connection.lane().onOwner();
    if (!context.sessions().add(this)) {
      isClosed = true;
      isForgotten = true; // never opened, so its close must not be reported
      context.listener().on(new Observation.QuotaExceeded(app(), Quota.CONNECTIONS));
      return false;
    }
    String socketId = connection.socketId();
    connection.send(new ServerMessage.ConnectionEstablished(socketId, activityTimeoutSeconds));
    context.listener().on(new Observation.ConnectionOpened(app(), connection));
    onAppChanged(); // the app may have been removed before this session was registered
    return true;
  }

  /// Closes the connection if its app was removed or disabled. Any thread.
  void appChanged() {
    connection.lane().execute(this::onAppChanged);
  }

  private void onAppChanged() {
    assert connection.lane().onOwner();
    if (live.isRemoved()) {
      connection.close(CloseCode.APP_UNKNOWN, "The app was removed from this server");
    } else if (!app().options().enabled()) {
      connection.close(CloseCode.APP_DISABLED, "Application disabled");
    }
  }

  /// Handles one message; ignored after the close.
  public void onMessage(ClientMessage message) {
    assert connection.lane().onOwner();
    if (isClosed) {
      return;
    }
    switch (message) {
      case Ping _ -> connection.send(new ServerMessage.Pong());
      case Pong _ -> onPusherPong();
      case Subscribe m -> context.subscribing().onSubscribe(this, m);
      case Unsubscribe m -> context.subscribing().onUnsubscribe(this, m);
      case ClientEvent m -> context.clientEvents().onClientEvent(this, m);
      case SignIn m -> context.signingIn().onSignIn(this, m);
      case InvalidSignIn m -> SigningIn.refuse(this, m.reason());
      case Malformed m -> refuse(m.reason());
    }
  }

  private void onPusherPong() {
    if (acknowledgement != null) {
      acknowledgement.onPusherPong();
    }
  }

  /// The connection ended for any reason: removes all its state, then runs `whenGone`. The cost is
  /// proportional to its subscriptions: up to [Departures#SLICE] are left at once, more of them in
  /// slices, in later turns of the lane. Idempotent; ignored while slices are left.
  ///
  /// @param whenGone runs on the lane; must not throw
  public void onClosed(int code, String reason, Runnable whenGone) {
    assert connection.lane().onOwner();
    if (subscriptions.isLeaving && !isForgotten) {
      return;
    }
    isClosed = true;
    boolean isLater = subscriptions.size() > Departures.SLICE;
    if (acknowledgement != null) {
      acknowledgement.onClosed(code, isLater);
    }
    if (isLater) {
      connection.lane().departures().add(() -> onLeaving(code, reason), whenGone);
      subscriptions.isLeaving = true;
      return;
    }
    var _ = onLeaving(code, reason);
    whenGone.run();
  }

  /// Leaves some channels and, with the last of them, the rest; true when nothing is left.
  private boolean onLeaving(int code, String reason) {
    subscriptions.leave(Departures.SLICE, each -> context.subscribing().leave(this, each, code));
    if (subscriptions.size() > 0) {
      return false;
    }
    if (!isForgotten) {
      forget(code, reason);
    }
    return true;
  }

  private void forget(int code, String reason) {
    SignedInUser signedIn = user;
    if (signedIn != null) {
      context.signingIn().onClosed(this, signedIn);
      user = null;
    }
    context.sessions().remove(this);
    isForgotten = true;
    context.listener().on(new Observation.ConnectionClosed(app(), connection, code, reason));
  }

  /// Closes a connection that has not authorized itself or subscribed in time, with a code that
  /// stops clients from reconnecting only to be idle again. Uses the options at the time of the
  /// handshake, so that a reload does not close existing connections.
  ///
  /// @return nanoseconds until one of the two is due; [Long#MAX_VALUE] for never
  public long onDue(long nowNs) {
    assert connection.lane().onOwner();
    AppOptions options = firstOptions;
    int first = options.firstSubscriptionTimeoutSeconds();
    long authorizationNs =
        options.authorizedConnectionsOnly() && !isAuthorized
            ? leftNs(options.authorizationTimeoutSeconds(), nowNs)
            : Long.MAX_VALUE;
    long subscriptionNs = first > 0 && !hasSubscribed ? leftNs(first, nowNs) : Long.MAX_VALUE;
    if (authorizationNs <= 0) {
      connection.close(CloseCode.UNAUTHORIZED, "Connection not authorized within timeout");
    } else if (subscriptionNs <= 0) {
      connection.close(
          CloseCode.UNAUTHORIZED,
          "No subscription within " + first + " seconds (first_subscription_timeout_seconds)");
    }
    long askNs = acknowledgement == null ? Long.MAX_VALUE : acknowledgement.onDue(nowNs);
    return Math.min(askNs, Math.min(authorizationNs, subscriptionNs));
  }

  /// Of a time that began with the session.
  private long leftNs(int seconds, long nowNs) {
    return openedAtNs + TimeUnit.SECONDS.toNanos(seconds) - nowNs;
  }

  long openedAtNs() {
    return openedAtNs;
  }

  /// Sends a message that does not answer one of the client.
  void onNotice(ServerMessage message) {
    assert connection.lane().onOwner();
    if (isClosed) {
      return;
    }
    try {
      connection.send(message);
      connection.onFlush();
    } catch (RuntimeException | Error e) {
      HeapExhaustion.exitIf(e);
      connection.onDeliveryFailed(e);
    }
  }

  /// True if the connection was open for that long, or may have been while the process stood still.
  /// Any thread.
  boolean isOlderThan(long ageNs) {
    NanoClock clock = context.clock();
    return clock.nanoTime() - openedAtNs + clock.stalledNs() >= ageNs;
  }

  /// Closes the connection on behalf of the application (section 4.3). Any thread.
  void terminate() {
    connection
        .lane()
        .execute(
            () -> connection.close(CloseCode.UNAUTHORIZED, "You got disconnected by the app."));
  }

  /// Answers a message with `pusher:error` without a code, and keeps the connection.
  void refuse(String reason) {
    sendError(null, reason);
  }

  /// Answers a message with `pusher:error`, and keeps the connection.
  void refuseWithCode(int code, String reason) {
    sendError(code, reason);
  }

  private void sendError(@Nullable Integer code, String reason) {
    connection.send(new ServerMessage.PusherError(code, reason));
    context.listener().on(new Observation.MessageRefused(app(), connection, code, reason));
  }

  /// Refuses a subscription in both shapes (section 2.7) and keeps the connection. The shape that
  /// repeats the name is left out if the name is far too long.
  void refuseSubscription(String channel, Refusal refusal) {
    if (!expectsCiphertext(channel) && channel.length() <= Excerpt.MAX_CHARS) {
      connection.send(
          new ServerMessage.SubscriptionError(
              channel, refusal.type(), refusal.message(), refusal.status()));
    }
    connection.send(new ServerMessage.PusherError(null, refusal.message()));
    context
        .listener()
        .on(
            new Observation.SubscriptionRefused(
                app(), channel, connection, refusal.status(), refusal.message(), refusal.given()));
  }

  /// The Java client tries to decrypt every frame that names an encrypted channel and crashes on
  /// plain text, so errors about such channels must not name them.
  private static boolean expectsCiphertext(String channel) {
    return channel.startsWith(ChannelName.ENCRYPTED_PREFIX);
  }

  public @Nullable Subscription subscription(String channel) {
    return subscriptions.get(channel);
  }

  @Nullable Subscription removeSubscription(String channel) {
    return subscriptions.remove(channel);
  }

  int subscriptionCount() {
    return subscriptions.size();
  }

  /// Takes over a subscription from [dev.fanfare.channel.Channels#join], or undoes it on failure.
  void subscribed(Join.Joined joined) {
    Subscription subscription = joined.subscription();
    try {
      connection.lane().onJoin(subscription, joined.replay());
      subscriptions.add(subscription);
    } catch (RuntimeException | Error e) {
      HeapExhaustion.exitIf(e);
      context.subscribing().drop(this, subscription);
      throw e;
    }
    Reader reader = subscription.reader();
    if (reader != null && acknowledgement == null) {
      acknowledgement = new Acknowledgement(this, reader.intervalNs());
      connection.checkSoon();
    }
    hasSubscribed = true;
    isAuthorized |= subscription.channelName().needsAuth();
  }

  @Nullable SignedInUser user() {
    return user;
  }

  void signedIn(SignedInUser signedIn) {
    user = signedIn;
    isAuthorized = true;
    context.listener().on(new Observation.SignedIn(app(), connection, signedIn.id()));
  }

  /// The limit on changes of this session, after the first [ChangeRate#FREE].
  public ChangeRate changeRate() {
    return new ChangeRate(this, openedAtNs);
  }

  /// Takes one client event from the rate limit; false if it is exhausted.
  boolean takeClientEvent() {
    int perSecond = app().limits().maxClientEventsPerSecond();
    if (perSecond == 0) {
      return true;
    }
    long nowNs = context.clock().nanoTime();
    if (clientEventBucket == null || clientEventBucket.perSecond() != perSecond) {
      clientEventBucket = new TokenBucket(perSecond, nowNs);
    }
    return clientEventBucket.tryTake(nowNs);
  }

  public SessionContext context() {
    return context;
  }
}
