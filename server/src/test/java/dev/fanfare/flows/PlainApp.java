package dev.fanfare.flows;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.app.App;
import dev.fanfare.app.AppOptions;
import dev.fanfare.app.Secret;
import dev.fanfare.protocol.Limits;
import dev.fanfare.testing.RawSocket;
import dev.fanfare.testing.TestNode;
import java.io.IOException;
import java.net.http.HttpResponse;

/// An app without options, so that its connections receive published events only.
final class PlainApp {

  static final App APP =
      new App(
          "3",
          "278d425bdf160c739803",
          new Secret("7ad3773142a6692b25b8"),
          AppOptions.DEFAULTS,
          Limits.HOSTED);

  /// Another app of the same node.
  static final App OTHER = Apps.another("4", AppOptions.DEFAULTS);

  private PlainApp() {}

  /// A connection to the first app that is subscribed to some public channels.
  static RawSocket subscriber(TestNode node, String... channels) throws IOException {
    RawSocket socket = node.connect();
    for (String channel : channels) {
      socket.subscribe(channel);
      socket.nextTextContaining("subscription_succeeded\",\"channel\":\"" + channel + "\"");
    }
    return socket;
  }

  /// A connection that is a member of a presence channel.
  static RawSocket member(TestNode node, String channel, String userId) throws IOException {
    RawSocket socket = node.connect();
    socket.subscribePresence(APP, channel, "{\"user_id\":\"" + userId + "\"}");
    socket.nextTextContaining("subscription_succeeded");
    return socket;
  }

  /// Status and body in one line; of a refusal, without the line feed that ends it.
  static String line(HttpResponse<String> response) {
    boolean isRefusal = response.statusCode() >= 400;
    return response.statusCode() + " " + (isRefusal ? reason(response) : response.body());
  }

  /// The body of a refusal without the line feed that ends it.
  static String reason(HttpResponse<String> response) {
    assertThat(response.body()).endsWith("\n");
    return response.body().substring(0, response.body().length() - 1);
  }

  /// The frame of an event.
  static String frame(String event, String channel, String dataInJson) {
    return "{\"event\":\""
        + event
        + "\",\"channel\":\""
        + channel
        + "\",\"data\":"
        + dataInJson
        + "}";
  }
}
