package dev.fanfare.cluster.datagram;

import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.zip.CRC32C;

/// Which apps a node has, as beats announce it.
public final class AppHashes {

  private AppHashes() {}

  /// Hashes of the ids; none if there are more than a beat announces.
  public static Set<Integer> of(Collection<String> ids) {
    return ids.size() > Datagram.MAX_APPS
        ? Set.of()
        : ids.stream().map(AppHashes::hash).collect(Collectors.toUnmodifiableSet());
  }

  private static int hash(String id) {
    CRC32C crc = new CRC32C();
    crc.update(id.getBytes(StandardCharsets.UTF_8));
    return (int) crc.getValue();
  }
}
