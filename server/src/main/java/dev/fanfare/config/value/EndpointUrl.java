package dev.fanfare.config.value;

import dev.fanfare.protocol.UrlHost;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The URL of a webhook endpoint.
public record EndpointUrl() implements Kind<String> {

  private static final Pattern REVEALING = Pattern.compile("[\\s@?]");

  @Override
  public String allowed() {
    return "a URL that begins with http:// or https:// and a host, without user, password or"
        + " fragment; with https:// no underscore in the host";
  }

  @Override
  public @Nullable String parse(String text) {
    try {
      URI uri = new URI(text);
      boolean isWeb = "http".equalsIgnoreCase(uri.getScheme()) || isSecure(uri);
      UrlHost host = UrlHost.of(uri);
      boolean hasPlace = host != null && !(host.hasUnderscore() && isSecure(uri));
      boolean isPlain = uri.getRawUserInfo() == null && uri.getRawFragment() == null;
      return isWeb && hasPlace && isPlain ? text : null;
    } catch (URISyntaxException e) {
      return null;
    }
  }

  /// An error repeats neither a password nor the query, which may contain a token, nor a second
  /// line that does not belong to the URL.
  @Override
  public String found(Written written) {
    boolean hidden =
        written instanceof Written.Scalar scalar && REVEALING.matcher(scalar.text()).find();
    return hidden ? "a text that is not shown here" : written.described();
  }

  /// Some receivers expect a secret in the query.
  @Override
  public String show(String url) {
    return Yaml.scalar(hidden(url));
  }

  /// The URL with asterisks for its query, if it has one.
  public static String hidden(String url) {
    int query = url.indexOf('?');
    return query < 0 ? url : url.substring(0, query + 1) + "********";
  }

  private static boolean isSecure(URI uri) {
    return "https".equalsIgnoreCase(uri.getScheme());
  }
}
