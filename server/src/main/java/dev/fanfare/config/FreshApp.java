package dev.fanfare.config;

import dev.fanfare.app.App;
import dev.fanfare.app.AppOptions;
import dev.fanfare.app.Secret;
import dev.fanfare.protocol.Limits;
import java.util.HexFormat;
import java.util.random.RandomGenerator;

/// The temporary app of a server without any configured app. Its credentials are random and new at
/// each start: with built-in credentials, a server is open to everyone who reads its manual.
public final class FreshApp {

  private static final int KEY_BYTES = 10;
  private static final int SECRET_BYTES = 20;

  // For trying things out, so every feature is on. Compression is not one: it trades CPU for bytes.
  private static final AppOptions OPTIONS =
      AppOptions.DEFAULTS.withClientEvents(true).withSubscriptionCounts(true).withWatchlists(true);

  private FreshApp() {}

  /// A new app from `random`, which must not be predictable.
  public static App create(RandomGenerator random) {
    return new App(id(random), key(random), new Secret(secret(random)), OPTIONS, Limits.HOSTED);
  }

  /// A new id: only digits work with every server SDK.
  static String id(RandomGenerator random) {
    return String.valueOf(random.nextInt(100_000, 10_000_000));
  }

  static String key(RandomGenerator random) {
    return hex(random, KEY_BYTES);
  }

  static String secret(RandomGenerator random) {
    return hex(random, SECRET_BYTES);
  }

  private static String hex(RandomGenerator random, int count) {
    byte[] bytes = new byte[count];
    random.nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }
}
