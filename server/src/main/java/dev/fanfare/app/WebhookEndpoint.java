package dev.fanfare.app;

import dev.fanfare.protocol.WebhookEvent;
import io.soabase.recordbuilder.core.RecordBuilder;
import java.util.Collections;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/// One address that an app's webhooks are sent to, and which of them.
///
/// @param url `http` or `https`; within its app it names the endpoint
/// @param events the kinds that are sent; empty for all
/// @param channels the channels whose events are sent
/// @param excluded exceptions from those channels
/// @param headers sent with each request beside those of the protocol; often they prove who sends
@RecordBuilder
public record WebhookEndpoint(
    String url,
    Set<WebhookEvent.Type> events,
    ChannelFilter channels,
    ExcludedChannels excluded,
    Map<String, Secret> headers)
    implements WebhookEndpointBuilder.With {

  public WebhookEndpoint {
    EnumSet<WebhookEvent.Type> types = EnumSet.noneOf(WebhookEvent.Type.class);
    types.addAll(events);
    events = Collections.unmodifiableSet(types);
    headers = Collections.unmodifiableMap(new LinkedHashMap<>(headers));
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
