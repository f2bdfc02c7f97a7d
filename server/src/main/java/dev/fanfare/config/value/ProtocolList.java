package dev.fanfare.config.value;

import dev.fanfare.transport.TlsOptions.Protocol;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// TLS versions, as the JDK spells them.
public record ProtocolList() implements ItemList<Protocol> {

  @Override
  public String allowed() {
    return Arrays.stream(Protocol.values())
        .map(Protocol::toString)
        .collect(Collectors.joining(" and ", "one or both of ", ""));
  }

  @Override
  public String each() {
    return allowed();
  }

  @Override
  public @Nullable Protocol item(String text) {
    for (Protocol protocol : Protocol.values()) {
      if (protocol.toString().equals(text)) {
        return protocol;
      }
    }
    return null;
  }
}
