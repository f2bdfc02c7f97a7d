package dev.fanfare.config.value;

import dev.fanfare.transport.address.Network;
import org.jspecify.annotations.Nullable;

/// Ranges of IP addresses. No host names: they would be resolved when the server starts, and may
/// belong to a different machine a day later.
public record NetworkList() implements ItemList<Network> {

  @Override
  public String allowed() {
    return "IP addresses and ranges such as 10.0.0.0/8 or fd00::/8";
  }

  @Override
  public String each() {
    return "one of " + allowed();
  }

  @Override
  public @Nullable Network item(String text) {
    return Network.parse(text);
  }
}
