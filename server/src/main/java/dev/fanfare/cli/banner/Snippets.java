package dev.fanfare.cli.banner;

import dev.fanfare.app.App;

/// Text to paste into other programs, so that they use an app of this server. Shows the secret, so
/// it is only for a temporary app.
public final class Snippets {

  private Snippets() {}

  /// All snippets, each with a heading.
  public static String text(App app, Address address) {
    return """
    No app is configured, so a temporary one was generated; it is gone when this process exits.

      id         %s
      key        %s
      secret     %s

    --- keep it: start with these variables, or see docs/configuration.md
    %s
    --- browser: npm install pusher-js
    %s
    --- Laravel: .env
    %s
    --- Flutter: pusher_client
    %s
    --- publish from a shell with bash, openssl and curl
    %s
    """
        .formatted(
            app.id(),
            app.key(),
            app.secret().reveal(),
            variables(app),
            pusherJs(app, address),
            laravel(app, address),
            flutter(app, address),
            curl(app, address));
  }

  /// The variables of a server that has this app.
  public static String variables(App app) {
    return """
    FANFARE_APP_ID=%s
    FANFARE_APP_KEY=%s
    FANFARE_APP_SECRET=%s
    FANFARE_APP_CLIENT_EVENTS=%s
    FANFARE_APP_SUBSCRIPTION_COUNTS=%s
    FANFARE_APP_WATCHLISTS=%s
    """
        .formatted(
            app.id(),
            app.key(),
            app.secret().reveal(),
            app.options().clientEvents(),
            app.options().subscriptionCounts(),
            app.options().watchlists());
  }

  /// A browser that subscribes.
  public static String pusherJs(App app, Address address) {
    String path = address.prefix().isEmpty() ? "" : "\n  wsPath: \"" + address.prefix() + "\",";
    return """
    import Pusher from "pusher-js";
    const pusher = new Pusher("%s", {
      cluster: "none", // required by pusher-js, ignored here
      wsHost: "%s",
      %s: %d,%s
      forceTLS: %s,
      enabledTransports: ["ws", "wss"],
    });
    pusher.subscribe("my-channel").bind("my-event", (data) => console.log(data));
    """
        .formatted(
            app.key(), address.host(), portKey(address), address.port(), path, address.isSecure());
  }

  /// A Laravel application that publishes, and its Echo.
  public static String laravel(App app, Address address) {
    return """
    BROADCAST_CONNECTION=pusher
    PUSHER_APP_ID=%s
    PUSHER_APP_KEY=%s
    PUSHER_APP_SECRET=%s
    PUSHER_APP_CLUSTER=none
    PUSHER_HOST=%s
    PUSHER_PORT=%d
    PUSHER_SCHEME=%s
    VITE_PUSHER_APP_KEY="${PUSHER_APP_KEY}"
    VITE_PUSHER_APP_CLUSTER="${PUSHER_APP_CLUSTER}"
    VITE_PUSHER_HOST="${PUSHER_HOST}"
    VITE_PUSHER_PORT="${PUSHER_PORT}"
    VITE_PUSHER_SCHEME="${PUSHER_SCHEME}"
    """
        .formatted(
            app.id(),
            app.key(),
            app.secret().reveal(),
            address.host(),
            address.port(),
            address.isSecure() ? "https" : "http");
  }

  /// A phone that subscribes.
  public static String flutter(App app, Address address) {
    return """
    final pusher = PusherClient(
      "%s",
      PusherOptions(
        host: "%s", // %s
        %s: %d,
        encrypted: %s,
        auth: PusherAuth(
          "http://localhost:8000/broadcasting/auth", // your application's, for private channels
          headers: {"Authorization": "Bearer TOKEN"},
        ),
      ),
    );
    """
        .formatted(
            app.key(),
            address.host(),
            address.isSecure()
                ? "a name that the certificate is for"
                : "this machine as the phone sees it: 10.0.2.2 from Android's emulator",
            portKey(address),
            address.port(),
            address.isSecure());
  }

  /// Clients have one port option for each case.
  private static String portKey(Address address) {
    return address.isSecure() ? "wssPort" : "wsPort";
  }

  /// A signed request that publishes one event. The path is signed without the prefix.
  public static String curl(App app, Address address) {
    return """
    body='{"name":"my-event","channels":["my-channel"],"data":"{\\"hello\\":\\"world\\"}"}'
    md5=$(printf %%s "$body" | openssl dgst -md5 -r | cut -c1-32)
    query="auth_key=%s&auth_timestamp=$(date +%%s)&auth_version=1.0&body_md5=$md5"
    signature=$(printf 'POST\\n/apps/%s/events\\n%%s' "$query" |
      openssl dgst -sha256 -hmac '%s' -r | cut -c1-64)
    curl -i -H 'Content-Type: application/json' -d "$body" \\
      "%s/apps/%s/events?$query&auth_signature=$signature"
    """
        .formatted(app.key(), app.id(), app.secret().reveal(), address.url(), app.id());
  }
}
