package dev.fanfare.cli;

import dev.fanfare.protocol.UrlHost;
import java.net.URI;
import picocli.CommandLine.ITypeConverter;

/// Reads the URL of an auth endpoint.
final class UrlConverter implements ITypeConverter<URI> {

  @Override
  public URI convert(String text) {
    try {
      URI uri = URI.create(text);
      boolean isHttp = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
      if (isHttp && UrlHost.of(uri) != null) {
        return uri;
      }
    } catch (IllegalArgumentException e) {
      // the sentence below says it
    }
    throw CommandError.usage(
        "--auth-endpoint is \"" + text + "\", but must look like https://example.com/auth.");
  }
}
