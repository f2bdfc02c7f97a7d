package dev.fanfare.webhook.courier;

import dev.fanfare.app.App;
import dev.fanfare.app.WebhookEndpoint;
import java.net.URI;
import java.net.http.HttpRequest;

/// Where requests go and which app signs them, as configured now. Immutable; a reload makes a new
/// one with the same app id and endpoint.
record Receiver(App app, WebhookEndpoint endpoint) {

  String appId() {
    return app.id();
  }

  /// The endpoint's id.
  String target() {
    return endpoint.id();
  }

  /// A signed request. Built for each attempt, even if the body is the same: a secret or a header
  /// may have been changed because it was the reason why the previous attempt failed.
  HttpRequest request(byte[] body) {
    HttpRequest.Builder request =
        HttpTarget.request(URI.create(endpoint.url()))
            .POST(HttpRequest.BodyPublishers.ofByteArray(body))
            // Without a charset: the SDK for Node refuses one.
            .setHeader("Content-Type", "application/json")
            .setHeader("X-Pusher-Key", app.key())
            .setHeader("X-Pusher-Signature", app.secret().signature().sign(body));
    endpoint.headers().forEach((name, value) -> request.setHeader(name, value.reveal()));
    return request.build();
  }
}
