package dev.fanfare.config.value;

import dev.fanfare.bus.EngineOptions;
import dev.fanfare.bus.EngineUrl;
import dev.fanfare.protocol.Parsed;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// URLs of one kind of engine. They may have passwords, which neither an error nor the effective
/// configuration repeats.
///
/// @param engine whose URLs they are
/// @param forms what is allowed, to follow "each must be"
public record EngineUrls(EngineOptions.Kind engine, String forms) implements ItemList<EngineUrl> {

  @Override
  public String allowed() {
    return "a list of URLs such as " + forms;
  }

  @Override
  public String each() {
    return "a URL such as " + forms;
  }

  @Override
  public @Nullable EngineUrl item(String text) {
    return EngineUrl.parse(text) instanceof Parsed.Ok(EngineUrl url)
            && url.scheme().kind() == engine
        ? url
        : null;
  }

  /// As in a list, but a Sentinel URL has commas, too: an item without a scheme continues the one
  /// before.
  @Override
  public @Nullable List<EngineUrl> parse(String text) {
    List<String> parts = new ArrayList<>();
    for (String part : text.isBlank() ? new String[0] : text.split(",", -1)) {
      if (part.contains("://") || parts.isEmpty()) {
        parts.add(part.strip());
      } else {
        parts.set(parts.size() - 1, parts.getLast() + "," + part.strip());
      }
    }
    List<EngineUrl> urls = new ArrayList<>();
    for (String part : parts) {
      EngineUrl url = item(part);
      if (url == null) {
        return null;
      }
      urls.add(url);
    }
    return urls;
  }

  @Override
  public String found(Written written) {
    return written instanceof Written.Scalar scalar && !scalar.text().isEmpty()
        ? "a text that is not shown here"
        : written.described();
  }

  @Override
  public @Nullable List<EngineUrl> read(String name, Written written, Problems problems) {
    if (!(written instanceof Written.Items list)) {
      return ItemList.super.read(name, written, problems);
    }
    List<EngineUrl> urls = new ArrayList<>();
    for (Written each : list.items()) {
      EngineUrl url = each instanceof Written.Scalar scalar ? item(scalar.text()) : null;
      if (url == null) {
        String text = name + " has " + found(each) + ", but each must be " + each();
        problems.error(each.source(), text);
      } else {
        urls.add(url);
      }
    }
    return urls.size() == list.items().size() ? urls : null;
  }
}
