package dev.fanfare.doctor.step;

import dev.fanfare.doctor.wire.AppCredentials;
import dev.fanfare.doctor.wire.Site;
import dev.fanfare.doctor.wire.SiteUrl;
import io.soabase.recordbuilder.core.RecordBuilder;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What to examine, and how.
///
/// @param timeout how long one step may take
/// @param hostHeader the name for the Host header and TLS; null for the URL's
/// @param origin the `Origin` of the handshake; null for none
/// @param insecure true to accept invalid certificates
/// @param ca a PEM file with the only authorities to trust; null for those of the JDK
/// @param idleSeconds how long to hold an idle connection; 0 to skip the step
/// @param historyChannel for the step `confirmation`; null for one that no one else uses
/// @param endpoint the application's auth endpoint; null to skip the step
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
    @Nullable String historyChannel,
    @Nullable Endpoint endpoint)
    implements DoctorOptionsBuilder.With {

  /// An application's auth endpoint.
  ///
  /// @param headers `Name: value`, such as a cookie
  /// @param channel the private channel to request; null for a random one
  public record Endpoint(URI url, List<String> headers, @Nullable String channel) {

    public Endpoint {
      headers = List.copyOf(headers);
    }
  }

  /// The defaults.
  public static DoctorOptions of(SiteUrl url, AppCredentials credentials) {
    Duration timeout = Duration.ofSeconds(5);
    return DoctorOptionsBuilder.builder()
        .url(url)
        .credentials(credentials)
        .timeout(timeout)
        .hostHeader(null)
        .origin(null)
        .insecure(false)
        .ca(null)
        .idleSeconds(0)
        .historyChannel(null)
        .endpoint(null)
        .build();
  }

  public Site site() {
    return url.site();
  }
}
