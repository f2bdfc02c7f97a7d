package dev.fanfare.session;

import dev.fanfare.auth.ClientAuth;
import dev.fanfare.auth.Refusal;
import dev.fanfare.protocol.ClientMessage.SignIn;
import dev.fanfare.protocol.CloseCode;
import dev.fanfare.protocol.Member;
import dev.fanfare.protocol.Parsed;
import dev.fanfare.protocol.ServerMessage;
import dev.fanfare.protocol.UserData;
import java.util.List;

/// Handles `pusher:signin` (section 4). A failed sign-in keeps the connection: closing it with 4009
/// would stop JavaScript clients permanently.
public final class SigningIn {

  private static final int WATCHLIST_CODE = 4302;

  private final Watchlists watchlists;

  public SigningIn(Watchlists watchlists) {
    this.watchlists = watchlists;
  }

  /// The connection of a user has closed.
  void onClosed(Session session, SignedInUser user) {
    watchlists.signedOut(session, user);
  }

  void onSignIn(Session session, SignIn message) {
    Refusal refusal = ClientAuth.check(session.app(), session.connection().socketId(), message);
    if (refusal != null) {
      refuse(session, refusal.message());
      return;
    }
    boolean watches = session.app().options().watchlists();
    switch (UserData.parse(message.userData(), watches)) {
      case Parsed.Bad<UserData> bad -> refuse(session, bad.reason());
      case Parsed.Ok<UserData> ok -> onSignIn(session, ok.value(), message.userData());
    }
  }

  private void onSignIn(Session session, UserData data, String userData) {
    SignedInUser before = session.user();
    if (before != null && !before.id().equals(data.id())) {
      refuse(session, "The connection is already signed in as another user");
      return;
    }
    List<String> wanted = data.watchlist().stream().distinct().toList();
    int limit = session.app().limits().maxWatchlist();
    if (before == null) {
      signIn(session, data, wanted.stream().limit(limit).toList());
    }
    session.connection().send(new ServerMessage.SigninSuccess(userData));
    if (before == null && wanted.size() > limit) {
      session.refuseWithCode(WATCHLIST_CODE, cut(wanted.size(), limit));
    }
  }

  /// Must precede every send: a send may find the connection too slow and close it, and whatever is
  /// registered after the close would leak. Watchlist events are queued, so the client still
  /// receives the success first.
  private void signIn(Session session, UserData data, List<String> watchlist) {
    Member member = new Member(data.id(), data.infoJson());
    List<String> valid = watchlist.stream().filter(UserData::isValidId).toList();
    List<String> invalid = watchlist.stream().filter(id -> !UserData.isValidId(id)).toList();
    SignedInUser user =
        new SignedInUser(data.id(), Member.check(member, session.app().limits()), valid);
    session.signedIn(user);
    watchlists.signedIn(session, user, invalid);
  }

  private static String cut(int wanted, int limit) {
    return "Watchlist limit exceeded. Only the first "
        + limit
        + " user IDs are accepted. It has "
        + wanted
        + " (max_watchlist)";
  }

  /// Refuses a sign-in and keeps the connection.
  static void refuse(Session session, String reason) {
    session.refuseWithCode(CloseCode.UNAUTHORIZED.code(), reason);
  }
}
