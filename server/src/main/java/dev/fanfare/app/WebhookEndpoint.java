package dev.fanfare.app;

import dev.fanfare.protocol.WebhookEvent;
import io.soabase.recordbuilder.core.RecordBuilder;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// One URL that an app's webhooks are sent to, and which events it gets.
///
/// @param url `http` or `https`; several endpoints of an app may have the same one
/// @param events the kinds that are sent; empty for all
/// @param channels the channels whose events are sent
/// @param excluded exceptions from those channels
/// @param headers sent with each request in addition to those of the protocol; often credentials
/// @param number 1 for the first endpoint of its app with this URL, 2 for the second and so on
@RecordBuilder
public record WebhookEndpoint(
    String url,
    Set<WebhookEvent.Type> events,
    ChannelFilter channels,
    ExcludedChannels excluded,
    Map<String, Secret> headers,
    int number)
    implements WebhookEndpointBuilder.With {

  public WebhookEndpoint {
    EnumSet<WebhookEvent.Type> types = EnumSet.noneOf(WebhookEvent.Type.class);
    types.addAll(events);
    events = Collections.unmodifiableSet(types);
    headers = Collections.unmodifiableMap(new LinkedHashMap<>(headers));
  }

  /// The first endpoint with its URL.
  public WebhookEndpoint(
      String url,
      Set<WebhookEvent.Type> events,
      ChannelFilter channels,
      ExcludedChannels excluded,
      Map<String, Secret> headers) {
    this(url, events, channels, excluded, headers, 1);
  }

  /// The endpoints of one app, numbered among those with the same URL in their order.
  static List<WebhookEndpoint> numbered(List<WebhookEndpoint> endpoints) {
    Map<String, Integer> seen = new HashMap<>();
    return endpoints.stream()
        .map(endpoint -> {
          int number = seen.merge(endpoint.url, 1, Integer::sum);
          return number == endpoint.number ? endpoint : endpoint.withNumber(number);
        })
        .toList();
  }

  /// Identifies the endpoint within its app: its URL, with `#2` for the second endpoint of that
  /// URL.
  public String id() {
    return number == 1 ? url : url + "#" + number;
  }

  /// True if `id` is that of an endpoint with the same URL.
  public boolean hasUrlOf(String id) {
    return id.equals(url) || (id.startsWith(url) && id.substring(url.length()).matches("#[0-9]+"));
  }

  /// An endpoint that gets all events.
  public static WebhookEndpoint at(String url) {
    return new WebhookEndpoint(url, Set.of(), ChannelFilter.ALL, ExcludedChannels.NONE, Map.of());
  }

  /// True if events of this kind are sent here, on some channel.
  public boolean wants(WebhookEvent.Type type) {
    return events.isEmpty() || events.contains(type);
  }

  /// True if this very event is sent here.
  public boolean wants(WebhookEvent event) {
    return wants(event.type())
        && channels.matches(event.channel())
        && !excluded.contains(event.channel());
  }
}
