package dev.fanfare.telemetry;

import dev.fanfare.protocol.Json;
import java.util.HexFormat;
import java.util.List;

/// Spans as a request of OTLP over HTTP, in JSON.
final class OtlpJson {

  private static final int INTERNAL = 1;
  private static final int SERVER = 2;
  private static final int ERROR = 2;
  private static final HexFormat HEX = HexFormat.of();

  private OtlpJson() {}

  /// @param version of this build
  static byte[] request(List<Publish> publishes, String version) {
    Json.Writer out = Json.object().startArray("resourceSpans").startElement();
    out.startObject("resource").startArray("attributes");
    text(out, "service.name", "fanfare");
    text(out, "service.version", version);
    out.endArray().endObject().startArray("scopeSpans").startElement();
    out.startObject("scope").field("name", "dev.fanfare").field("version", version).endObject();
    out.startArray("spans");
    for (Publish publish : publishes) {
      write(out, publish);
      publish.deliveries.forEach(delivery -> write(out, publish, delivery));
    }
    out.endArray().endObject().endArray();
    return out.endObject().endArray().utf8();
  }

  private static void write(Json.Writer out, Publish publish) {
    begin(out, publish, publish.id, publish.parent.span(), "publish", SERVER);
    times(out, publish.beganNs, publish.endedNs());
    out.startArray("attributes");
    text(out, "fanfare.app", publish.app);
    number(out, "fanfare.events", publish.deliveries.size());
    out.endArray();
    String refusal = publish.refusal;
    if (refusal != null) {
      out.startObject("status").field("code", ERROR).field("message", refusal).endObject();
    }
    out.endObject();
  }

  private static void write(Json.Writer out, Publish publish, Delivery delivery) {
    begin(out, publish, delivery.id, publish.id, "deliver", INTERNAL);
    times(out, delivery.beganNs, delivery.endedNs());
    out.startArray("attributes");
    text(out, "messaging.system", "fanfare");
    text(out, "messaging.destination.name", delivery.channel);
    number(out, "fanfare.subscribers", delivery.subscribers);
    number(out, "fanfare.lanes", delivery.lanes());
    number(out, "fanfare.reached", delivery.reached());
    number(out, "fanfare.excluded", delivery.excluded());
    number(out, "fanfare.behind", delivery.behind());
    number(out, "fanfare.closing", delivery.closing());
    out.endArray().endObject();
  }

  private static void begin(
      Json.Writer out, Publish publish, long id, long parent, String name, int kind) {
    out.startElement()
        .field("traceId", publish.parent.traceId())
        .field("spanId", HEX.toHexDigits(id))
        .field("parentSpanId", HEX.toHexDigits(parent))
        .field("name", name)
        .field("kind", kind);
  }

  /// Numbers of 64 bits are strings in JSON.
  private static void times(Json.Writer out, long beganNs, long endedNs) {
    out.field("startTimeUnixNano", Long.toString(beganNs))
        .field("endTimeUnixNano", Long.toString(endedNs));
  }

  private static void text(Json.Writer out, String key, String value) {
    out.startElement().field("key", key);
    out.startObject("value").field("stringValue", value).endObject().endObject();
  }

  private static void number(Json.Writer out, String key, long value) {
    out.startElement().field("key", key);
    out.startObject("value").field("intValue", Long.toString(value)).endObject().endObject();
  }
}
