package dev.fanfare.http;

import dev.fanfare.app.App;
import dev.fanfare.protocol.Parsed;
import dev.fanfare.protocol.Query;
import dev.fanfare.webhook.outbox.Selection;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Reads from a query which of an app's webhooks it selects: `endpoint`, `since_ms` and `until_ms`,
/// all optional.
final class WebhookQuery {

  private static final Pattern MS = Pattern.compile("[0-9]{1,15}");

  private WebhookQuery() {}

  static Parsed<Selection> read(App app, Query query) {
    String since = query.get("since_ms");
    String until = query.get("until_ms");
    String endpoint = query.get("endpoint");
    if (endpoint != null && endpoint.isEmpty()) {
      return new Parsed.Bad<>("endpoint is empty, but must be the URL of an endpoint");
    }
    for (String name : new String[] {"since_ms", "until_ms"}) {
      String value = query.get(name);
      if (value != null && !MS.matcher(value).matches()) {
        return new Parsed.Bad<>(
            name + " is \"" + value + "\", but must be milliseconds since 1970 (UTC)");
      }
    }
    return new Parsed.Ok<>(
        new Selection(app.id(), endpoint, ms(since, Long.MIN_VALUE), ms(until, Long.MAX_VALUE)));
  }

  private static long ms(@Nullable String text, long fallback) {
    return text == null ? fallback : Long.parseLong(text);
  }
}
