package dev.fanfare.history.shared;

import dev.fanfare.app.ChannelKey;
import dev.fanfare.history.PresenceEvents;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/// The names that users have in logs of joins and leaves: random ones, so that nothing in a log
/// says whose it is once the user is purged. Two values of the engine say it: that of the user has
/// the name, that of the name the user. Any thread; does not block.
final class Pseudonyms {

  private static final int NAME_BYTES = 16;

  /// Other nodes may have been faster that often.
  private static final int MAX_ATTEMPTS = 100;

  private static final byte[] NOTHING = new byte[0];

  private static final long DAY_MS = TimeUnit.DAYS.toMillis(1);

  private final Streams streams;
  private final LongSupplier nowMs;
  private final SecureRandom random = new SecureRandom();

  /// What the value of a user has.
  ///
  /// @param untilMs when the engine may forget it, milliseconds since the epoch
  private record Known(String name, long untilMs) {

    static Known read(byte[] bytes) {
      String text = new String(bytes, StandardCharsets.UTF_8);
      int space = text.indexOf(' ');
      return new Known(text.substring(0, space), Long.parseLong(text.substring(space + 1)));
    }

    byte[] bytes() {
      return (name + " " + untilMs).getBytes(StandardCharsets.UTF_8);
    }
  }

  Pseudonyms(Streams streams, LongSupplier nowMs) {
    this.streams = streams;
    this.nowMs = nowMs;
  }

  private static ChannelKey ofUser(String appId, String userId) {
    return new ChannelKey(appId, PresenceEvents.user(userId));
  }

  private static ChannelKey ofName(String appId, String name) {
    return new ChannelKey(appId, PresenceEvents.name(name));
  }

  /// The name of a user, who gets one if there is none.
  ///
  /// @param keepMs for how long rows with it are kept
  CompletionStage<String> of(String appId, String userId, long keepMs) {
    return of(appId, userId, keepMs, 1);
  }

  private CompletionStage<String> of(String appId, String userId, long keepMs, int attempt) {
    if (attempt > MAX_ATTEMPTS) {
      return CompletableFuture.failedStage(
          new StreamsUnavailable("other nodes change the name of a user all the time"));
    }
    return streams
        .value(ofUser(appId, userId))
        .thenCompose(value -> {
          Known known = value.bytes().length == 0 ? null : Known.read(value.bytes());
          if (known != null && known.untilMs - nowMs.getAsLong() > keepMs + DAY_MS) {
            return CompletableFuture.completedStage(known.name);
          }
          long ttlMs = 2 * (keepMs + DAY_MS);
          String name = known == null ? fresh() : known.name;
          Known next = new Known(name, nowMs.getAsLong() + ttlMs);
          return say(appId, name, userId, ttlMs)
              .thenCompose(
                  _ -> streams.replace(ofUser(appId, userId), value.version(), next.bytes(), ttlMs))
              .thenCompose(version ->
                  version == null
                      ? of(appId, userId, keepMs, attempt + 1)
                      : CompletableFuture.completedStage(name));
        });
  }

  /// Whose name it is. If another node is faster, it says the same.
  private CompletionStage<Void> say(String appId, String name, String userId, long ttlMs) {
    ChannelKey key = ofName(appId, name);
    byte[] bytes = userId.getBytes(StandardCharsets.UTF_8);
    return streams
        .value(key)
        .thenCompose(value -> streams.replace(key, value.version(), bytes, ttlMs))
        .thenAccept(_ -> {});
  }

  private String fresh() {
    byte[] bytes = new byte[NAME_BYTES];
    random.nextBytes(bytes);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  /// The users with these names; without those who were purged.
  CompletionStage<Map<String, String>> users(String appId, Collection<String> names) {
    Map<String, CompletableFuture<Values.Value>> asked = new TreeMap<>();
    for (String name : names) {
      asked.computeIfAbsent(name, each -> streams.value(ofName(appId, each)).toCompletableFuture());
    }
    return CompletableFuture.allOf(asked.values().toArray(CompletableFuture<?>[]::new))
        .thenApply(_ -> {
          Map<String, String> users = new TreeMap<>();
          asked.forEach((name, value) -> {
            byte[] bytes = value.join().bytes();
            if (bytes.length > 0) {
              users.put(name, new String(bytes, StandardCharsets.UTF_8));
            }
          });
          return users;
        });
  }

  /// Forgets the name of a user, and first whose it is: if this fails in between, the name is still
  /// known, so that it can be done again.
  CompletionStage<Void> forget(String appId, String userId) {
    return forget(appId, userId, 1);
  }

  private CompletionStage<Void> forget(String appId, String userId, int attempt) {
    ChannelKey user = ofUser(appId, userId);
    return streams
        .value(user)
        .thenCompose(value -> {
          if (value.bytes().length == 0) {
            return CompletableFuture.completedStage(null);
          }
          if (attempt > MAX_ATTEMPTS) {
            return CompletableFuture.failedStage(
                new StreamsUnavailable("other nodes change the name of a user all the time"));
          }
          return drop(ofName(appId, Known.read(value.bytes()).name))
              .thenCompose(_ -> streams.replace(user, value.version(), NOTHING, 1))
              .thenCompose(_ -> forget(appId, userId, attempt + 1)); // see that it is gone
        });
  }

  private CompletionStage<Void> drop(ChannelKey key) {
    return streams
        .value(key)
        .thenCompose(value ->
            value.bytes().length == 0
                ? CompletableFuture.completedStage(null)
                : streams.replace(key, value.version(), NOTHING, 1).thenCompose(_ -> drop(key)));
  }
}
