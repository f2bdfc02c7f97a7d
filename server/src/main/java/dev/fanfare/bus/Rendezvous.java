package dev.fanfare.bus;

import java.util.List;

/// Ranks nodes for a channel: nodes that know the same others agree on the rank, and a node that
/// comes or goes changes the first place only of the channels that it has or had.
public final class Rendezvous {

  private Rendezvous() {}

  /// The node that ranks first; 0 if there is none.
  public static long first(String appId, String channel, List<Long> lives) {
    return highest(key(appId, channel), lives, 0);
  }

  /// The node that takes over if the first one goes; 0 if there is none.
  public static long second(String appId, String channel, List<Long> lives) {
    long key = key(appId, channel);
    return highest(key, lives, highest(key, lives, 0));
  }

  private static long key(String appId, String channel) {
    return mix(appId.hashCode() * 0x9E37_79B9_7F4A_7C15L + channel.hashCode());
  }

  /// @param without a life that does not count; 0 for none
  private static long highest(long key, List<Long> lives, long without) {
    long winner = 0;
    long highest = Long.MIN_VALUE;
    for (long life : lives) {
      long weight = mix(key ^ life);
      boolean isHigher = winner == 0 || weight > highest || (weight == highest && life > winner);
      if (life != without && isHigher) {
        winner = life;
        highest = weight;
      }
    }
    return winner;
  }

  /// The finalizer of MurmurHash3.
  private static long mix(long key) {
    long bits = (key ^ (key >>> 33)) * 0xFF51_AFD7_ED55_8CCDL;
    bits = (bits ^ (bits >>> 33)) * 0xC4CE_B9FE_1A85_EC53L;
    return bits ^ (bits >>> 33);
  }
}
