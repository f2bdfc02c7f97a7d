package dev.fanfare.cluster;

import org.jspecify.annotations.Nullable;

/// The number of entries of a node and a hash of them that does not depend on their order. Two
/// nodes that hold the same entries have equal digests. Confined to one thread.
final class Digest {

  /// The kinds of entries.
  enum Kind {
    INTEREST(1),
    MEMBER(2),
    ONLINE(3),
    CONNECTIONS(4);

    private final int code;

    Kind(int code) {
      this.code = code;
    }
  }

  private static final long GOLDEN = 0x9e3779b97f4a7c15L;
  private static final long MIX_1 = 0xbf58476d1ce4e5b9L;
  private static final long MIX_2 = 0x94d049bb133111ebL;

  private long entries;
  private long hash;

  long entries() {
    return entries;
  }

  long hash() {
    return hash;
  }

  void add(Kind kind, String app, @Nullable String channel, @Nullable String user, int count) {
    entries++;
    hash ^= hash(kind, app, channel, user, count);
  }

  void remove(Kind kind, String app, @Nullable String channel, @Nullable String user, int count) {
    entries--;
    hash ^= hash(kind, app, channel, user, count);
  }

  /// The hash codes of strings are the same in every Java.
  private static long hash(
      Kind kind, String app, @Nullable String channel, @Nullable String user, int count) {
    long h = mix(kind.code + GOLDEN);
    h = mix(h + app.hashCode());
    h = mix(h + (channel == null ? 0 : channel.hashCode()));
    h = mix(h + (user == null ? 0 : user.hashCode()));
    return mix(h + count);
  }

  private static long mix(long value) {
    long z = value + GOLDEN;
    z = (z ^ (z >>> 30)) * MIX_1;
    z = (z ^ (z >>> 27)) * MIX_2;
    return z ^ (z >>> 31);
  }
}
