package dev.fanfare.auth;

import dev.fanfare.app.App;
import dev.fanfare.app.Apps;
import dev.fanfare.observe.Observation;
import dev.fanfare.observe.ServerListener;
import dev.fanfare.protocol.Limits;
import dev.fanfare.protocol.Query;
import dev.fanfare.protocol.Signature;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/// Checks that a request of the HTTP API was signed with its app's secret (section 6.1), in the
/// order and with the texts of the reference implementation. Any thread.
public final class RequestAuth {

  /// Digits of whole seconds at most.
  private static final int MAX_SECONDS_DIGITS = 18;

  /// Seconds that far in the future were meant to be milliseconds.
  private static final long MILLISECONDS_FROM = 100_000_000_000L;

  /// Characters that are hashed for one request beyond the first spelling. Requests of SDKs have
  /// some hundred, so all their spellings are tried; one of 16 kB must not cost twelve times that.
  private static final int MAX_SPELLED_CHARS = 8 * 1_024;

  private final InstantSource clock;
  private final ServerListener listener;
  private final String pathPrefix;

  /// By app id; only for apps with `replay_protection`.
  private final ConcurrentMap<String, ReplayCache> replays = new ConcurrentHashMap<>();

  public RequestAuth(InstantSource clock, ServerListener listener) {
    this(clock, listener, "");
  }

  /// @param pathPrefix what may stand before the paths that publishers sign; empty for nothing
  public RequestAuth(InstantSource clock, ServerListener listener, String pathPrefix) {
    this.clock = clock;
    this.listener = listener;
    this.pathPrefix = pathPrefix;
  }

  /// Drops the recorded signatures of apps that were removed or no longer have `replay_protection`.
  public void appsChanged(Apps apps) {
    replays
        .keySet()
        .removeIf(id -> {
          App app = apps.known(id);
          return app == null || !app.options().replayProtection();
        });
  }

  /// Checks head and body at once; for tests. Returns null if the request may proceed.
  @Nullable Refusal check(App app, String method, String path, Query query, byte[] body) {
    Refusal refusal = checkHead(app, method, path, query, body.length > 0);
    return refusal == null ? checkBody(app, query, body) : refusal;
  }

  /// Checks what a request's head proves, which is everything but that the body is the signed one:
  /// the signature covers the digest of the body. Returns null if the body may be read.
  ///
  /// @param app the one named in the path
  /// @param path raw, as sent, without the configured prefix
  /// @param hasBody whether a body follows
  public @Nullable Refusal checkHead(
      App app, String method, String path, Query query, boolean hasBody) {
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
    if (forged != null) {
      return forged;
    }
    return hasBody && query.get("body_md5") == null
        ? Refusal.auth("Missing parameter: body_md5")
        : null;
  }

  /// Checks the body of a request whose head was accepted, and that the request is new if the app
  /// has `replay_protection`. Returns null if the request may proceed.
  public @Nullable Refusal checkBody(App app, Query query, byte[] body) {
    Refusal refusal = checkDigest(query, body);
    return refusal == null && app.options().replayProtection() ? checkReplay(app, query) : refusal;
  }

  /// Comes last, so that only requests that will be carried out use up their signature.
  private @Nullable Refusal checkReplay(App app, Query query) {
    long timestamp = Objects.requireNonNull(seconds(required(query, "auth_timestamp")));
    ReplayCache cache =
        replays.computeIfAbsent(app.id(), _ -> new ReplayCache(ReplayCache.MAX_SIGNATURES));
    ReplayCache.Outcome outcome =
        cache.use(required(query, "auth_signature"), timestamp, epochSeconds());
    if (outcome.forgotten() > 0) {
      listener.on(new Observation.SignaturesForgotten(app, outcome.forgotten()));
    }
    return outcome.isNew()
        ? null
        : Refusal.auth(
            "Signature used before: this request was already received, and the app has"
                + " replay_protection. Sign each request separately, with its own timestamp");
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
    if (timestamp == null || timestamp.isBlank()) {
      return Refusal.auth("Timestamp required");
    }
    long now = epochSeconds();
    Long given = seconds(timestamp);
    if (given != null && Math.abs(now - given) < Limits.REQUEST_WINDOW_SECONDS) {
      return null;
    }
    String window =
        ") not within " + Limits.REQUEST_WINDOW_SECONDS + "s of server time (" + iso(now) + ")";
    if (given == null) {
      return Refusal.auth(
          "Timestamp invalid: Given timestamp ("
              + timestamp
              + window
              + "; it must be seconds since"
              + " 1970, such as "
              + now);
    }
    String unit = given < MILLISECONDS_FROM ? "" : "; it must be seconds, not milliseconds";
    return Refusal.auth("Timestamp expired: Given timestamp (" + iso(given) + window + unit);
  }

  /// Not from an [Instant], which has nanoseconds that cost a call out of compiled code.
  private long epochSeconds() {
    return Math.floorDiv(clock.millis(), 1_000L);
  }

  /// What the reference implementation reads: the whole seconds, or null if there are none. A
  /// fraction may follow.
  private static @Nullable Long seconds(String timestamp) {
    String text = timestamp.strip();
    int from = text.startsWith("+") || text.startsWith("-") ? 1 : 0;
    int end = endOfDigits(text, from);
    int digits = end - from;
    boolean isWhole = end == text.length();
    boolean isNumber =
        digits > 0
            && digits <= MAX_SECONDS_DIGITS
            && (isWhole
                || (text.charAt(end) == '.' && endOfDigits(text, end + 1) == text.length()));
    return isNumber ? Long.valueOf(text.substring(0, end)) : null;
  }

  private static int endOfDigits(String text, int from) {
    int i = from;
    while (i < text.length() && text.charAt(i) >= '0' && text.charAt(i) <= '9') {
      i++;
    }
    return i;
  }

  private static String iso(long epochSeconds) {
    try {
      return Instant.ofEpochSecond(epochSeconds).toString();
    } catch (DateTimeException e) {
      return Long.toString(epochSeconds);
    }
  }

  /// SDKs differ in what exactly they sign, so on a mismatch the other spellings are tried, unless
  /// the signature cannot be one.
  private @Nullable Refusal checkSignature(App app, String method, String path, Query query) {
    String sent = query.get("auth_signature");
    if (sent == null) {
      return Refusal.auth("Missing parameter: auth_signature");
    }
    String joined = query.toSign(Query.Arrays.JOINED);
    String expected = Signature.request(method, path, joined);
    boolean isSigned =
        app.isSigned(expected, sent)
            || (Signature.hasForm(sent)
                && isSignedOtherwise(app, method, path, query, joined, sent));
    return isSigned
        ? null
        : Refusal.auth(
            "Invalid signature: you should have sent HmacSHA256Hex(\""
                + expected.replace("\n", "\\n")
                + "\", your_secret_key), but you sent \""
                + sent
                + "\"");
  }

  /// Tries the other spellings, each once, until they add up to [#MAX_SPELLED_CHARS].
  ///
  /// @param joined what [Query#toSign] returns, which did not match with the path as sent
  private boolean isSignedOtherwise(
      App app, String method, String path, Query query, String joined, String sent) {
    Set<String> spellings = new LinkedHashSet<>();
    String[] queries = {joined, query.toSign(Query.Arrays.BRACKETS), query.toSignRaw()};
    for (String signedPath : paths(path)) {
      for (String signedQuery : queries) {
        spellings.add(Signature.request(method, signedPath, signedQuery));
      }
    }
    spellings.remove(Signature.request(method, path, joined));
    int chars = 0;
    for (String spelling : spellings) {
      chars += spelling.length();
      if (chars > MAX_SPELLED_CHARS) {
        return false;
      }
      if (app.isSigned(spelling, sent)) {
        return true;
      }
    }
    return false;
  }

  /// The spellings of a path: as sent or decoded, with or without the configured prefix.
  private Set<String> paths(String path) {
    Set<String> paths = new LinkedHashSet<>(List.of(path));
    paths.add(Query.decode(path, false));
    if (!pathPrefix.isEmpty()) {
      List.copyOf(paths).forEach(each -> paths.add(pathPrefix + each));
    }
    return paths;
  }

  private static @Nullable Refusal checkDigest(Query query, byte[] body) {
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
