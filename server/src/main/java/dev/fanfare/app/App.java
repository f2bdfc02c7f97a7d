package dev.fanfare.app;

import dev.fanfare.protocol.Limits;
import io.soabase.recordbuilder.core.RecordBuilder;
import org.jspecify.annotations.Nullable;

/// One application that clients and servers connect as.
///
/// @param id decimal by convention, since some server SDKs insist on it; part of request paths
/// @param key public; part of socket paths and of every signature's prefix
/// @param secret signs; never printed
/// @param previousSecret the secret of before, whose signatures are good too until all who sign
///   have the new one; null if there is none
@RecordBuilder
public record App(
    String id,
    String key,
    Secret secret,
    AppOptions options,
    Limits limits,
    @Nullable Secret previousSecret)
    implements AppBuilder.With {

  /// An app with one secret.
  public App(String id, String key, Secret secret, AppOptions options, Limits limits) {
    this(id, key, secret, options, limits, null);
  }

  /// True if `hex` is the signature of `text` by either secret. Both are tried whatever the first
  /// one says, so that the time an answer takes does not tell which of them is in use.
  public boolean isSigned(String text, String hex) {
    Secret previous = previousSecret;
    boolean byCurrent = secret.signature().matches(text, hex);
    boolean byPrevious = previous != null && previous.signature().matches(text, hex);
    return byCurrent || byPrevious;
  }
}
