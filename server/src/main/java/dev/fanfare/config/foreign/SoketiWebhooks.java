package dev.fanfare.config.foreign;

import dev.fanfare.config.layer.JsonFile;
import dev.fanfare.config.schema.EndpointSchema;
import dev.fanfare.config.schema.Option;
import dev.fanfare.config.schema.Section;
import dev.fanfare.config.value.HeaderMap;
import dev.fanfare.config.value.Problems;
import dev.fanfare.config.value.Source;
import dev.fanfare.config.value.Written;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Reads soketi's list of an app's webhooks, JSON in a variable or in its file. soketi users often
/// write one entry for each type of event, all with the same URL, filter and headers; here they
/// become one endpoint.
final class SoketiWebhooks {

  /// An endpoint's keys there, and here.
  private static final Map<String, Option<?>> KEYS =
      Map.of(
          "url", EndpointSchema.URL,
          "headers", EndpointSchema.HEADERS,
          "event_types", EndpointSchema.EVENTS,
          "filter.channel_name_starts_with", EndpointSchema.PREFIX,
          "filter.channel_name_ends_with", EndpointSchema.SUFFIX);

  private static final String EVENTS = "event_types";

  private final String name;
  private final Problems problems;

  private SoketiWebhooks(String name, Problems problems) {
    this.name = name;
    this.problems = problems;
  }

  /// The endpoints; everything wrong with them goes to `problems`.
  ///
  /// @param name the list as the operator spelled it
  static List<Section> read(String name, Written written, Problems problems) {
    return new SoketiWebhooks(name, problems).read(list(name, written, problems));
  }

  /// soketi accepts a list in a text, too.
  private static Written list(String name, Written written, Problems problems) {
    return written instanceof Written.Scalar scalar
        ? JsonFile.parse(name, scalar.text(), problems)
        : written;
  }

  private List<Section> read(Written written) {
    if (!(written instanceof Written.Items items)) {
      if (!(written instanceof Written.Nothing)) {
        problems.error(written.source(), name + " must be a list of webhooks");
      }
      return List.of();
    }
    Map<Map<String, String>, Map<String, Written>> byShape = new LinkedHashMap<>();
    for (Written item : items.items()) {
      if (item instanceof Written.Mapping mapping) {
        Map<String, Written> webhook = new LinkedHashMap<>();
        flatten("", mapping, webhook);
        take(item, webhook, byShape);
      } else {
        problems.error(item.source(), name + " has an item that is not a webhook");
      }
    }
    return byShape.values().stream().map(this::section).toList();
  }

  private void take(
      Written item,
      Map<String, Written> webhook,
      Map<Map<String, String>, Map<String, Written>> byShape) {
    if (webhook.containsKey("lambda_function")) {
      problems.warn(
          item.source(), name + " has a lambda_function, which is not used: only URLs are");
      return;
    }
    Map<String, Written> same = byShape.putIfAbsent(shape(webhook), webhook);
    if (same != null) {
      same.put(EVENTS, both(same.get(EVENTS), webhook.get(EVENTS), item.source()));
    }
  }

  /// Everything but the types of events.
  private static Map<String, String> shape(Map<String, Written> webhook) {
    Map<String, String> shape = new LinkedHashMap<>();
    webhook.forEach((key, value) -> {
      if (!key.equals(EVENTS)) {
        shape.put(key, values(value));
      }
    });
    return shape;
  }

  private static String values(Written written) {
    return switch (written) {
      case Written.Scalar scalar -> scalar.text();
      case Written.Items list -> list.items().stream().map(SoketiWebhooks::values).toList() + "";
      case Written.Mapping mapping ->
          mapping.entries().stream().map(e -> e.key() + '=' + values(e.value())).toList() + "";
      case Written.Nothing _ -> "";
    };
  }

  private static Written both(@Nullable Written one, @Nullable Written other, Source source) {
    List<Written> items =
        Stream.of(one, other)
            .flatMap(each -> each instanceof Written.Items list ? list.items().stream() : null)
            .toList();
    return new Written.Items(items, source);
  }

  private static void flatten(String prefix, Written.Mapping mapping, Map<String, Written> into) {
    for (Written.Entry entry : mapping.entries()) {
      String key = prefix + entry.key();
      if (key.equals("filter") && entry.value() instanceof Written.Mapping filter) {
        flatten("filter.", filter, into);
      } else if (!(entry.value() instanceof Written.Nothing)) {
        into.put(key, entry.value());
      }
    }
  }

  private Section section(Map<String, Written> webhook) {
    Section endpoint =
        new Section(
            webhook.values().stream()
                .map(Written::source)
                .findFirst()
                .orElse(Source.variable(name)),
            option -> name + "[]." + theirs(option));
    List<String> unknown = new ArrayList<>();
    webhook.forEach((key, value) -> {
      Option<?> option = KEYS.get(key);
      if (option == null) {
        unknown.add(key);
      } else {
        endpoint.put(
            option, value instanceof Written.Mapping map ? ownHeaders(map) : value, problems);
      }
    });
    for (String key : unknown) {
      problems.warn(endpoint.source(), name + " has " + shown(key) + ", which is not used");
    }
    return endpoint;
  }

  /// Headers without those that soketi lets its configuration name and then sets itself.
  private Written ownHeaders(Written.Mapping headers) {
    List<Written.Entry> kept = new ArrayList<>();
    for (Written.Entry header : headers.entries()) {
      if (HeaderMap.isReserved(header.key())) {
        String text = " has the header " + shown(header.key()) + ", which is not used: ";
        problems.warn(header.source(), name + text + "the server sets it itself");
      } else {
        kept.add(header);
      }
    }
    return new Written.Mapping(kept, headers.source());
  }

  private static String shown(String key) {
    return new Written.Scalar(key, Source.DEFAULT).described();
  }

  private static String theirs(Option<?> option) {
    return KEYS.entrySet().stream()
        .filter(entry -> entry.getValue().equals(option))
        .map(Map.Entry::getKey)
        .findFirst()
        .orElse(option.key());
  }
}
