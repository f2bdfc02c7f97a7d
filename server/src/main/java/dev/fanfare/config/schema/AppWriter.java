package dev.fanfare.config.schema;

import dev.fanfare.app.App;
import dev.fanfare.app.AppOptions;
import dev.fanfare.app.ChannelFilter;
import dev.fanfare.app.ExcludedChannels;
import dev.fanfare.app.HistoryRule;
import dev.fanfare.app.Secret;
import dev.fanfare.app.WebhookEndpoint;
import dev.fanfare.config.value.EndpointUrl;
import dev.fanfare.protocol.Json;
import dev.fanfare.protocol.Limits;
import dev.fanfare.protocol.WebhookEvent;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// Writes an app as a JSON object with the keys of an entry of `apps:`. Used once.
public final class AppWriter {

  /// Stands for a value that is not shown.
  public static final String MASK = "********";

  private final Json.Writer out = Json.object();

  /// True to write every option, but no secret; false for secrets and what is not the default.
  private final boolean isShown;

  private AppWriter(boolean isShown) {
    this.isShown = isShown;
  }

  /// What is not the default, with secrets.
  public static String settings(App app) {
    return new AppWriter(false).write(app);
  }

  /// The options, those at their defaults too, without secrets: [#MASK] stands for what a webhook's
  /// headers and the query of its URL contain.
  public static String shown(App app) {
    return new AppWriter(true).write(app);
  }

  private String write(App app) {
    put(AppSchema.ID, app.id());
    put(AppSchema.KEY, app.key());
    if (!isShown) {
      out.field(AppSchema.SECRET.key(), app.secret().reveal());
      Secret previous = app.previousSecret();
      if (previous != null) {
        out.field(AppSchema.PREVIOUS_SECRET.key(), previous.reveal());
      }
    }
    options(app.options());
    out.startObject("limits");
    limits(app.limits());
    out.endObject();
    out.startArray("webhooks");
    app.webhooks().forEach(this::endpoint);
    out.endArray().startArray("history");
    app.history().forEach(this::rule);
    return out.endArray().text();
  }

  private void options(AppOptions options) {
    put(AppSchema.ENABLED, options.enabled());
    put(AppSchema.CLIENT_EVENTS, options.clientEvents());
    put(AppSchema.SUBSCRIPTION_COUNTS, options.subscriptionCounts());
    put(AppSchema.WATCHLISTS, options.watchlists());
    put(AppSchema.AUTHORIZED_CONNECTIONS_ONLY, options.authorizedConnectionsOnly());
    put(AppSchema.AUTHORIZATION_TIMEOUT_SECONDS, options.authorizationTimeoutSeconds());
    put(AppSchema.ALLOWED_ORIGINS, options.allowedOrigins());
    put(AppSchema.COMPRESSION, options.compression());
    put(AppSchema.SLOW_READERS, options.slowReaders());
    put(AppSchema.FIRST_SUBSCRIPTION_TIMEOUT_SECONDS, options.firstSubscriptionTimeoutSeconds());
    put(AppSchema.REPLAY_PROTECTION, options.replayProtection());
  }

  private void limits(Limits limits) {
    put(LimitsSchema.MAX_CONNECTIONS, limits.maxConnections());
    put(LimitsSchema.MAX_SUBSCRIPTIONS, limits.maxSubscriptions());
    put(LimitsSchema.MAX_SUBSCRIPTION_CHANGES_PER_SECOND, limits.maxSubscriptionChangesPerSecond());
    put(LimitsSchema.MAX_CHANNEL_NAME_CHARS, limits.maxChannelNameChars());
    put(LimitsSchema.MAX_EVENT_NAME_CHARS, limits.maxEventNameChars());
    put(LimitsSchema.MAX_EVENT_BYTES, limits.maxEventBytes());
    put(LimitsSchema.MAX_CHANNELS_PER_EVENT, limits.maxChannelsPerEvent());
    put(LimitsSchema.MAX_BATCH_EVENTS, limits.maxBatchEvents());
    put(LimitsSchema.MAX_CLIENT_EVENTS_PER_SECOND, limits.maxClientEventsPerSecond());
    put(LimitsSchema.MAX_PRESENCE_MEMBERS, limits.maxPresenceMembers());
    put(LimitsSchema.MAX_PRESENCE_MEMBER_BYTES, limits.maxPresenceMemberBytes());
    put(LimitsSchema.MAX_USER_ID_CHARS, limits.maxUserIdChars());
    put(LimitsSchema.MAX_WATCHLIST, limits.maxWatchlist());
    put(LimitsSchema.CACHE_TTL_SECONDS, limits.cacheTtlSeconds());
    put(LimitsSchema.MAX_CACHE_BYTES, limits.maxCacheBytes());
    put(LimitsSchema.MAX_HTTP_EVENTS_PER_SECOND, limits.maxHttpEventsPerSecond());
    put(LimitsSchema.MAX_HTTP_READS_PER_SECOND, limits.maxHttpReadsPerSecond());
  }

  private void endpoint(WebhookEndpoint endpoint) {
    out.startElement();
    put(EndpointSchema.URL, isShown ? EndpointUrl.hidden(endpoint.url()) : endpoint.url());
    put(EndpointSchema.EVENTS, endpoint.events());
    headers(endpoint.headers());
    ChannelFilter channels = endpoint.channels();
    out.startObject("channels");
    put(EndpointSchema.PREFIX, channels.prefix());
    put(EndpointSchema.SUFFIX, channels.suffix());
    put(EndpointSchema.PATTERN, channels.pattern());
    ExcludedChannels excluded = endpoint.excluded();
    out.endObject().startObject("exclude");
    put(EndpointSchema.EXCLUDED_PREFIX, excluded.prefix());
    put(EndpointSchema.EXCLUDED_SUFFIX, excluded.suffix());
    put(EndpointSchema.EXCLUDED_PATTERN, excluded.pattern());
    out.endObject().endObject();
  }

  private void headers(Map<String, Secret> headers) {
    if (isShown || !headers.isEmpty()) {
      out.startObject(EndpointSchema.HEADERS.key());
      headers.forEach((name, value) -> out.field(name, isShown ? MASK : value.reveal()));
      out.endObject();
    }
  }

  private void rule(HistoryRule rule) {
    out.startElement();
    put(HistorySchema.REPLAY, rule.replay());
    put(HistorySchema.STORE, rule.store());
    put(HistorySchema.KEEP_EVENTS, rule.keepEvents());
    put(HistorySchema.KEEP_SECONDS, rule.keepSeconds());
    put(HistorySchema.KEEP_BYTES, rule.keepBytes());
    putSet(HistorySchema.REWIND_EVENTS, rule.rewindEvents());
    putSet(HistorySchema.REWIND_SECONDS, rule.rewindSeconds());
    putSet(HistorySchema.RESUME_SECONDS, rule.resumeSeconds());
    put(HistorySchema.REPLAY_EVENTS, rule.replayEvents());
    putSet(HistorySchema.NEW_READER, rule.newReader());
    put(HistorySchema.IDENTIFY, rule.identify());
    put(HistorySchema.CLIENT_EVENTS, rule.clientEvents());
    put(HistorySchema.PRESENCE_EVENTS, rule.presenceEvents());
    put(HistorySchema.EVENT_IDS, rule.eventIds());
    put(HistorySchema.ID_IN_DATA, rule.idInData());
    ChannelFilter channels = rule.channels();
    out.startObject("channels");
    put(HistorySchema.PREFIX, channels.prefix());
    put(HistorySchema.SUFFIX, channels.suffix());
    put(HistorySchema.PATTERN, channels.pattern());
    out.endObject().endObject();
  }

  /// An option that may contradict others when it is set, even to its default, which is left out.
  private <T> void putSet(Option<T> option, T value) {
    if (!value.equals(option.fallback())) {
      put(option, value);
    }
  }

  /// One option; the objects that its key enters are open.
  private <T> void put(Option<T> option, T value) {
    if (!isShown && value.equals(option.fallback())) {
      return;
    }
    String name = option.key().substring(option.key().lastIndexOf('.') + 1);
    switch (value) {
      case Boolean isOn -> out.field(name, isOn);
      case Integer number -> out.field(name, number);
      case Collection<?> items -> out.strings(name, texts(items));
      default -> out.field(name, text(value));
    }
  }

  private static List<String> texts(Collection<?> items) {
    return items.stream().map(AppWriter::text).toList();
  }

  private static String text(Object value) {
    return switch (value) {
      case WebhookEvent.Type type -> type.wireName();
      case Enum<?> word -> word.name().toLowerCase(Locale.ROOT);
      default -> value.toString();
    };
  }
}
