package dev.fanfare.doctor;

import io.soabase.recordbuilder.core.RecordBuilder;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What is to be examined, and how.
///
/// @param timeout how long one step may take
/// @param hostHeader the name to ask for, in the Host header and in TLS, if it is not the URL's;
///   null for the URL's
/// @param origin what the handshake says of the page it comes from; null for no page
/// @param insecure true if certificates need not be good
/// @param ca a PEM file with the only certificates to trust; null for those of the JDK
/// @param idleSeconds how long a silent connection must last; 0 not to try
/// @param endpoint the application's own; null not to try
@RecordBuilder
public record DoctorOptions(
    SiteUrl url,
    AppCredentials credentials,
    Duration timeout,
    @Nullable String hostHeader,
    @Nullable String origin,
    boolean insecure,
    @Nullable Path ca,
    int idleSeconds,
    @Nullable Endpoint endpoint)
    implements DoctorOptionsBuilder.With {

  /// An application's auth endpoint.
  ///
  /// @param headers `Name: value`, such as a cookie
  /// @param channel the private channel to ask for; null for one that no application knows
  public record Endpoint(URI url, List<String> headers, @Nullable String channel) {

    public Endpoint {
      headers = List.copyOf(headers);
    }
  }

  /// Everything as most people need it.
  public static DoctorOptions of(SiteUrl url, AppCredentials credentials) {
    Duration timeout = Duration.ofSeconds(5);
    return new DoctorOptions(url, credentials, timeout, null, null, false, null, 0, null);
  }

  Site site() {
    return url.site();
  }
}
