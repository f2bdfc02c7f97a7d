package dev.fanfare.app;

import io.soabase.recordbuilder.core.RecordBuilder;
import java.util.List;

/// The switches of an app.
///
/// @param enabled false refuses connections with 4003 and requests with 403
/// @param clientEvents clients may send events to each other (section 3)
/// @param subscriptionCounts channels send their subscription count (section 2.9)
/// @param watchlists signed-in users may watch whether others are online (section 4.2)
/// @param authorizedConnectionsOnly a connection must sign in or join a private or presence channel
///   within `authorizationTimeoutSeconds`, or it is closed with 4009 (section 1.6)
/// @param authorizationTimeoutSeconds seconds from the upgrade
/// @param allowedOrigins origins that browser pages may connect from: hosts, `*.` for sub-domains,
///   `scheme://host[:port]`, `null` or `file://`; empty allows all
/// @param compression accepts `permessage-deflate` (RFC 7692) if the client offers it
/// @param slowReaders how connections that read too slowly are treated
/// @param firstSubscriptionTimeoutSeconds seconds from the upgrade within which a connection must
///   subscribe, 0 = no limit (4009 after)
/// @param replayProtection a signature of the HTTP API is accepted only once
@RecordBuilder
public record AppOptions(
    boolean enabled,
    boolean clientEvents,
    boolean subscriptionCounts,
    boolean watchlists,
    boolean authorizedConnectionsOnly,
    int authorizationTimeoutSeconds,
    List<String> allowedOrigins,
    boolean compression,
    SlowReaders slowReaders,
    int firstSubscriptionTimeoutSeconds,
    boolean replayProtection)
    implements AppOptionsBuilder.With {

  /// The hosted service's defaults: everything optional is off.
  public static final AppOptions DEFAULTS =
      AppOptionsBuilder.builder()
          .enabled(true)
          .clientEvents(false)
          .subscriptionCounts(false)
          .watchlists(false)
          .authorizedConnectionsOnly(false)
          .authorizationTimeoutSeconds(30)
          .allowedOrigins(List.of())
          .compression(false)
          .slowReaders(SlowReaders.DISCONNECT)
          .firstSubscriptionTimeoutSeconds(0)
          .replayProtection(false)
          .build();

  public AppOptions {
    allowedOrigins = List.copyOf(allowedOrigins);
  }
}
