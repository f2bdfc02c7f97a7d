package dev.fanfare.console.row;

import java.util.regex.Pattern;

/// How an endpoint of webhooks is shown: its URL without what may be secret.
public final class ShownUrl {

  private static final Pattern SECRETS = Pattern.compile("[?#].*|(?<=://)[^/@]*@");

  private ShownUrl() {}

  /// The URL without query, fragment and credentials.
  public static String of(String url) {
    return SECRETS.matcher(url).replaceAll("");
  }
}
