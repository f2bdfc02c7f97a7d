package dev.fanfare.http;

import dev.fanfare.app.App;
import dev.fanfare.auth.Refusal;
import dev.fanfare.protocol.ChannelName;
import dev.fanfare.protocol.EventName;
import dev.fanfare.protocol.HttpApi.EventRequest;
import dev.fanfare.protocol.Limits;
import dev.fanfare.protocol.Origin;
import dev.fanfare.protocol.Parsed;
import dev.fanfare.protocol.Publication;
import dev.fanfare.protocol.PublicationBuilder;
import dev.fanfare.protocol.SocketId;
import dev.fanfare.protocol.Utf8;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The result of checking one event against the app's limits (section 6.4): what to publish, or a
/// refusal. Nothing is published before everything has been checked.
///
/// @param refusal null if the event is valid
record EventCheck(List<Publication> publications, @Nullable Refusal refusal) {

  static EventCheck of(App app, EventRequest request) {
    Limits limits = app.limits();
    String name = request.name();
    String data = request.data();
    if (name == null || name.isEmpty()) {
      return refused("Missing required parameter: name");
    }
    if (data == null) {
      return refused("Missing required parameter: data");
    }
    if (EventName.isReserved(name)) {
      return refused("Invalid event name '" + name + "': this prefix is reserved");
    }
    if (name.length() > limits.maxEventNameChars()) {
      return refused(
          "The event name has "
              + name.length()
              + " characters, the limit is "
              + limits.maxEventNameChars()
              + " (max_event_name_chars)");
    }
    String socketId = request.socketId();
    if (socketId != null && !SocketId.isValid(socketId)) {
      return refused("Invalid socket_id: it must look like 123.456");
    }
    int keepSeconds = app.history().isEmpty() ? Publication.AS_RULED : request.keepSeconds();
    if (keepSeconds == EventRequest.BAD_KEEP) {
      return refused("keep must be true or false");
    }
    if (keepSeconds == EventRequest.BAD_TTL) {
      return refused("ttl must be a whole number from 1 to " + EventRequest.MAX_TTL);
    }
    return Utf8.isLongerThan(data, limits.maxEventBytes())
        ? tooLarge(data, limits.maxEventBytes())
        : channels(limits, request, name, data, keepSeconds);
  }

  private static EventCheck channels(
      Limits limits, EventRequest request, String name, String data, int keepSeconds) {
    int count = request.channels().size();
    if (count == 0) {
      return refused("Missing required parameter: channel");
    }
    if (count > limits.maxChannelsPerEvent()) {
      return refused(
          "The event has "
              + count
              + " channels, the limit is "
              + limits.maxChannelsPerEvent()
              + " (max_channels_per_event)");
    }
    List<Publication> publications = new ArrayList<>(count);
    for (String channel : request.channels()) {
      switch (ChannelName.parse(channel, limits.maxChannelNameChars())) {
        case Parsed.Bad<ChannelName> bad -> {
          return refused(bad.reason());
        }
        case Parsed.Ok<ChannelName> ok ->
            publications.add(
                PublicationBuilder.builder()
                    .channel(ok.value())
                    .event(name)
                    .data(data)
                    .userId(null)
                    .exceptSocketId(request.socketId())
                    .origin(Origin.HTTP)
                    .keepSeconds(keepSeconds)
                    .build());
      }
    }
    return new EventCheck(publications, null);
  }

  private static EventCheck tooLarge(String data, int maxBytes) {
    String message =
        "The data content of this event exceeds the allowed maximum ("
            + maxBytes
            + " bytes). It has "
            + data.getBytes(StandardCharsets.UTF_8).length
            + " bytes; the setting is max_event_bytes";
    return new EventCheck(List.of(), Refusal.request(413, message));
  }

  private static EventCheck refused(String reason) {
    return new EventCheck(List.of(), Refusal.request(400, reason));
  }
}
