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

  /// A Sentinel URL has commas, too: an item without a scheme continues the one before.
  @Override
  public List<String> split(String text) {
    List<String> urls = new ArrayList<>();
    for (String part : ItemList.super.split(text)) {
      if (part.contains("://") || urls.isEmpty()) {
        urls.add(part);
      } else {
        urls.set(urls.size() - 1, urls.getLast() + "," + part);
      }
    }
    return urls;
  }

  @Override
  public String found(Written written) {
    return written instanceof Written.Scalar scalar && !scalar.text().isEmpty()
        ? "a text that is not shown here"
        : written.described();
  }
}
