package dev.fanfare.auth;

import dev.fanfare.app.App;
import dev.fanfare.app.Apps;
import dev.fanfare.observe.ServerListener;
import dev.fanfare.protocol.Limits;
import dev.fanfare.protocol.Query;
import dev.fanfare.protocol.Signature;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Checks that a request of the HTTP API was signed with its app's secret (section 6.1), in the
/// order and with the texts of the reference implementation. Any thread.
public final class RequestAuth {

  private static final Pattern SECONDS = Pattern.compile("-?\\d{1,12}");

  private final InstantSource clock;
  private final ServerListener listener;

  /// By the app's id; only for apps that want it.
  private final ConcurrentMap<String, ReplayCache> replays = new ConcurrentHashMap<>();

  public RequestAuth(InstantSource clock, ServerListener listener) {
    this.clock = clock;
    this.listener = listener;
  }

  /// Forgets the signatures of apps that are there no more, or that do not want them remembered.
  public void appsChanged(Apps apps) {
    replays
        .keySet()
        .removeIf(id -> {
          App app = apps.byId(id);
          return app == null || !app.options().replayProtection();
        });
  }

  /// Null if the request may proceed. The app is the one that the path names.
  ///
  /// @param path raw, as sent
  public @Nullable Refusal check(App app, String method, String path, Query query, byte[] body) {
    String key = query.get("auth_key");
    if (key == null) {
      return Refusal.auth("Missing parameter: auth_key");
    }
    if (!key.equals(app.key())) {
      return Refusal.auth("Unknown auth_key");
    }
    Refusal stale = checkVersionAndTime(query);
    if (stale != null) {
      return stale;
    }
    Refusal forged = checkSignature(app, method, path, query);
    Refusal refusal = forged != null ? forged : checkBody(query, body);
    return refusal == null && app.options().replayProtection() ? checkReplay(app, query) : refusal;
  }

  /// Comes last: only what would be obeyed uses a signature up.
  private @Nullable Refusal checkReplay(App app, Query query) {
    long timestamp = Long.parseLong(required(query, "auth_timestamp"));
    ReplayCache cache =
        replays.computeIfAbsent(app.id(), _ -> new ReplayCache(ReplayCache.MAX_SIGNATURES));
    ReplayCache.Outcome outcome =
        cache.use(required(query, "auth_signature"), timestamp, clock.instant().getEpochSecond());
    if (outcome.forgotten() > 0) {
      listener.signaturesForgotten(app, outcome.forgotten());
    }
    return outcome.isNew()
        ? null
        : Refusal.auth(
            "Signature used before: this very request was made already, and the app has"
                + " replay_protection. Sign each request anew, with the time of its own");
  }

  private static String required(Query query, String name) {
    return Objects.requireNonNull(query.get(name), name);
  }

  private @Nullable Refusal checkVersionAndTime(Query query) {
    String version = query.get("auth_version");
    if (version == null) {
      return Refusal.auth("Version required");
    }
    if (!version.equals("1.0")) {
      return Refusal.auth("Version not supported");
    }
    String timestamp = query.get("auth_timestamp");
    if (timestamp == null || !SECONDS.matcher(timestamp).matches()) {
      return Refusal.auth("Timestamp required");
    }
    Instant now = clock.instant();
    long given = Long.parseLong(timestamp);
    if (Math.abs(now.getEpochSecond() - given) < Limits.REQUEST_WINDOW_SECONDS) {
      return null;
    }
    return Refusal.auth(
        "Timestamp expired: Given timestamp ("
            + iso(given)
            + ") not within "
            + Limits.REQUEST_WINDOW_SECONDS
            + "s of server time ("
            + iso(now.getEpochSecond())
            + ")");
  }

  private static String iso(long epochSeconds) {
    try {
      return Instant.ofEpochSecond(epochSeconds).toString();
    } catch (DateTimeException e) {
      return Long.toString(epochSeconds);
    }
  }

  /// Senders disagree on what exactly they sign, so on a mismatch the other spellings are tried.
  private static @Nullable Refusal checkSignature(
      App app, String method, String path, Query query) {
    String sent = query.get("auth_signature");
    if (sent == null) {
      return Refusal.auth("Missing parameter: auth_signature");
    }
    String joined = query.toSign(Query.Arrays.JOINED);
    String expected = Signature.request(method, path, joined);
    if (matches(app, expected, sent)) {
      return null;
    }
    String decodedPath = Query.decode(path, false);
    if (matches(app, Signature.request(method, decodedPath, joined), sent)) {
      return null;
    }
    for (String spelling : new String[] {query.toSign(Query.Arrays.BRACKETS), query.toSignRaw()}) {
      if (matches(app, Signature.request(method, path, spelling), sent)
          || matches(app, Signature.request(method, decodedPath, spelling), sent)) {
        return null;
      }
    }
    return Refusal.auth(
        "Invalid signature: you should have sent HmacSHA256Hex(\""
            + expected.replace("\n", "\\n")
            + "\", your_secret_key), but you sent \""
            + sent
            + "\"");
  }

  private static boolean matches(App app, String toSign, String sent) {
    return app.isSigned(toSign, sent);
  }

  private static @Nullable Refusal checkBody(Query query, byte[] body) {
    String sent = query.get("body_md5");
    if (sent == null) {
      return body.length == 0 ? null : Refusal.auth("Missing parameter: body_md5");
    }
    String actual = Signature.md5(body);
    return actual.equals(sent.toLowerCase(Locale.ROOT))
        ? null
        : Refusal.auth(
            "Invalid body_md5: the MD5 of the body is " + actual + ", but you sent " + sent);
  }
}
