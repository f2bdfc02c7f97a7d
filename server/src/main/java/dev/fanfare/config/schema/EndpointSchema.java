package dev.fanfare.config.schema;

import dev.fanfare.app.ChannelFilter;
import dev.fanfare.app.ChannelPattern;
import dev.fanfare.app.ExcludedChannels;
import dev.fanfare.app.Secret;
import dev.fanfare.app.WebhookEndpoint;
import dev.fanfare.config.value.ChannelExpression;
import dev.fanfare.config.value.EndpointUrl;
import dev.fanfare.config.value.EventTypes;
import dev.fanfare.config.value.HeaderMap;
import dev.fanfare.config.value.Kind;
import dev.fanfare.protocol.WebhookEvent;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// The options of one webhook endpoint: keys of an entry of an app's `webhooks:`, variables
/// `FANFARE_APP_WEBHOOKS_0_…` and `FANFARE_APPS_0_WEBHOOKS_0_…`.
public final class EndpointSchema {

  private static final Kind<String> PART =
      new Kind.Text(
          Pattern.compile("[A-Za-z0-9_=@,.;-]{0,1000}"),
          "empty or part of a channel name: letters, digits and _ - = @ , . ;");

  public static final Option<String> URL =
      Option.of(
          "url",
          new EndpointUrl(),
          null,
          "Where requests are sent. Secrets belong in `headers`, not here.");

  public static final Option<Set<WebhookEvent.Type>> EVENTS =
      Option.of(
          "events",
          new EventTypes(),
          Set.of(),
          "Types of events to send; empty means all. Separate them with commas in a variable.");

  public static final Option<Map<String, Secret>> HEADERS =
      Option.of(
          "headers",
          new HeaderMap(),
          Map.of(),
          "Headers to send with each request, such as `Authorization`; their values are treated as"
              + " secrets. A variable has one `Name: value` per line.");

  public static final Option<String> PREFIX =
      Option.of("channels.prefix", PART, "", "Only channels whose name begins with this text.");

  public static final Option<String> SUFFIX =
      Option.of("channels.suffix", PART, "", "Only channels whose name ends with this text.");

  static final Option<ChannelPattern> PATTERN =
      Option.of(
          "channels.pattern",
          new ChannelExpression(),
          ChannelPattern.ANY,
          "Only channels whose whole name matches this expression, such as"
              + " `private-order-[0-9]+`.");

  static final Option<String> EXCLUDED_PREFIX =
      Option.of("exclude.prefix", PART, "", "No channels whose name begins with this text.");

  static final Option<String> EXCLUDED_SUFFIX =
      Option.of("exclude.suffix", PART, "", "No channels whose name ends with this text.");

  static final Option<ChannelPattern> EXCLUDED_PATTERN =
      Option.of(
          "exclude.pattern",
          new ChannelExpression(),
          ChannelPattern.ANY,
          "No channels whose whole name matches this expression, such as"
              + " `private-order-[0-9]+-draft`.");

  public static final List<Option<?>> OWN = List.of(URL, EVENTS, HEADERS);

  /// The keys below `channels:`.
  public static final List<Option<?>> CHANNELS = List.of(PREFIX, SUFFIX, PATTERN);

  /// The keys below `exclude:`.
  public static final List<Option<?>> EXCLUDE =
      List.of(EXCLUDED_PREFIX, EXCLUDED_SUFFIX, EXCLUDED_PATTERN);

  public static final List<Option<?>> ALL =
      Stream.of(OWN, CHANNELS, EXCLUDE).<Option<?>>flatMap(List::stream).toList();

  private EndpointSchema() {}

  public static WebhookEndpoint endpoint(Section endpoint) {
    return new WebhookEndpoint(
        endpoint.get(URL),
        endpoint.get(EVENTS),
        new ChannelFilter(endpoint.get(PREFIX), endpoint.get(SUFFIX), endpoint.get(PATTERN)),
        new ExcludedChannels(
            endpoint.get(EXCLUDED_PREFIX),
            endpoint.get(EXCLUDED_SUFFIX),
            endpoint.get(EXCLUDED_PATTERN)),
        endpoint.get(HEADERS));
  }
}
