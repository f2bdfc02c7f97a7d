package dev.fanfare.bus;

import dev.fanfare.app.Secret;
import io.soabase.recordbuilder.core.RecordBuilder;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Where the engine is, and how to log in.
///
/// @param urls several for a Redis Cluster or for NATS servers: any of them will do
/// @param cluster the name that begins the names of its channels: `[a-z0-9-]{1,32}`
/// @param user for URLs without one; empty for none
/// @param password for URLs without one; null for none
/// @param sentinelPassword null if the Sentinels have none
/// @param ca path of the PEM with the authorities to trust; empty for those of the JDK
/// @param certificate path of the client's certificate, PEM; empty for none
/// @param key path of its key, PEM; empty if the certificate's file has it
@RecordBuilder
public record EngineOptions(
    Kind kind,
    List<EngineUrl> urls,
    String cluster,
    String user,
    @Nullable Secret password,
    @Nullable Secret sentinelPassword,
    String ca,
    String certificate,
    String key)
    implements EngineOptionsBuilder.With {

  /// The kinds of engines.
  public enum Kind {
    NONE,
    REDIS,
    NATS
  }

  public static final EngineOptions NONE =
      EngineOptionsBuilder.builder()
          .kind(Kind.NONE)
          .urls(List.of())
          .cluster("fanfare")
          .user("")
          .password(null)
          .sentinelPassword(null)
          .ca("")
          .certificate("")
          .key("")
          .build();

  public EngineOptions {
    urls = List.copyOf(urls);
  }

  /// The user for a URL; empty for none.
  public String user(EngineUrl url) {
    return url.user().isEmpty() ? user : url.user();
  }

  /// The password for a URL; null for none.
  public @Nullable Secret password(EngineUrl url) {
    return url.password() == null ? password : url.password();
  }

  /// All URLs, without users and passwords.
  public String address() {
    return urls.stream().map(EngineUrl::toString).collect(Collectors.joining(", "));
  }
}
