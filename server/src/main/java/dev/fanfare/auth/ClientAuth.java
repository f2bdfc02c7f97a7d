package dev.fanfare.auth;

import dev.fanfare.app.App;
import dev.fanfare.observe.GivenSignature;
import dev.fanfare.protocol.ChannelName;
import dev.fanfare.protocol.ClientMessage.SignIn;
import dev.fanfare.protocol.ClientMessage.Subscribe;
import dev.fanfare.protocol.Excerpt;
import dev.fanfare.protocol.Signature;
import org.jspecify.annotations.Nullable;

/// Checks the signatures that clients got from their application's auth endpoint (sections 2.3,
/// 4.1). The texts are the hosted service's; tools match on them.
public final class ClientAuth {

  private ClientAuth() {}

  /// Returns null if the signature is valid or not required.
  public static @Nullable Refusal check(
      App app, String socketId, ChannelName name, Subscribe message) {
    if (!name.needsAuth()) {
      return null;
    }
    String problem = message.problems().get("auth");
    if (problem != null) {
      return Refusal.auth(problem);
    }
    problem = message.problems().get("channel_data");
    if (problem != null) {
      return Refusal.data(problem);
    }
    String auth = message.auth();
    if (auth == null || auth.isEmpty()) {
      return Refusal.auth("Auth info required to subscribe to " + name.value());
    }
    String toSign = Signature.subscription(socketId, name.value(), message.channelData());
    Refusal refusal = verify(app, auth, toSign, "Auth value for subscription to " + name.value());
    return refusal == null ? null : refusal.with(new GivenSignature(auth, message.channelData()));
  }

  /// Returns null if the sign-in is correctly signed.
  public static @Nullable Refusal check(App app, String socketId, SignIn message) {
    String toSign = Signature.signIn(socketId, message.userData());
    return verify(app, message.auth(), toSign, "Auth value for signin");
  }

  private static @Nullable Refusal verify(App app, String auth, String toSign, String what) {
    int colon = auth.indexOf(':');
    if (colon < 0) {
      return Refusal.auth(what + " is invalid: should be of format 'key:signature'");
    }
    String key = auth.substring(0, colon);
    if (!key.equals(app.key())) {
      return Refusal.auth("Invalid key in subscription auth data: '" + Excerpt.of(key) + "'");
    }
    String signature = auth.substring(colon + 1);
    if (!Signature.hasForm(signature) || !app.isSigned(toSign, signature)) {
      return Refusal.auth(
          "Invalid signature: Expected HMAC SHA256 hex digest of "
              + Excerpt.of(toSign)
              + ", but got "
              + Excerpt.of(signature));
    }
    return null;
  }
}
