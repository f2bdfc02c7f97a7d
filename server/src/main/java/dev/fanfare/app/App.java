package dev.fanfare.app;

import dev.fanfare.protocol.Limits;
import io.soabase.recordbuilder.core.RecordBuilder;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One application that clients and servers connect as.
///
/// @param id decimal by convention, since some server SDKs require it; part of request paths
/// @param key public; part of socket paths and of every signature's prefix
/// @param secret signing key; never printed
/// @param previousSecret the former secret, also accepted while servers switch to the new one; null
///   if there is none
/// @param webhooks the endpoints that receive its events
/// @param history which channels keep events; the first rule that covers a channel applies
@RecordBuilder
public record App(
    String id,
    String key,
    Secret secret,
    AppOptions options,
    Limits limits,
    @Nullable Secret previousSecret,
    List<WebhookEndpoint> webhooks,
    List<HistoryRule> history)
    implements AppBuilder.With {

  public App {
    webhooks = WebhookEndpoint.numbered(webhooks);
    history = List.copyOf(history);
  }

  /// An app with one secret, without webhooks and history.
  public App(String id, String key, Secret secret, AppOptions options, Limits limits) {
    this(id, key, secret, options, limits, null, List.of(), List.of());
  }

  /// True if `hex` is the signature of `text` with either secret. Always checks both, so that the
  /// response time does not reveal which one is in use.
  public boolean isSigned(String text, String hex) {
    Secret previous = previousSecret;
    boolean byCurrent = secret.signature().matches(text, hex);
    boolean byPrevious = previous != null && previous.signature().matches(text, hex);
    return byCurrent || byPrevious;
  }
}
