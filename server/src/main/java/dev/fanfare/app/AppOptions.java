package dev.fanfare.app;

import io.soabase.recordbuilder.core.RecordBuilder;
import java.util.List;

/// What an app's owner switched on or off.
///
/// @param enabled false refuses connections with 4003 and requests with 403
/// @param clientEvents clients may send events to each other (section 3)
/// @param subscriptionCounts channels tell their subscribers how many they are (section 2.9)
/// @param watchlists signed-in users may watch others come and go (section 4.2)
/// @param authorizedConnectionsOnly a connection must sign in or join a private or presence channel
///   within `authorizationTimeoutSeconds`, or it is closed with 4009 (section 1.6)
/// @param authorizationTimeoutSeconds seconds; counts from the upgrade
/// @param allowedOrigins origins that browser pages may connect from: hosts, `*.` for sub-domains,
///   `scheme://host[:port]`, `null` or `file://`; empty allows all
/// @param compression clients that ask for `permessage-deflate` (RFC 7692) get it
/// @param slowReaders what happens to connections that do not read what they are sent
/// @param firstSubscriptionTimeoutSeconds seconds from the upgrade in which a connection must have
///   subscribed to something, 0 for no such demand (4009 after)
/// @param replayProtection a signature of the HTTP API is good for one request only
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
      new AppOptions(
          true, false, false, false, false, 30, List.of(), false, SlowReaders.DISCONNECT, 0, false);

  public AppOptions {
    allowedOrigins = List.copyOf(allowedOrigins);
  }
}
