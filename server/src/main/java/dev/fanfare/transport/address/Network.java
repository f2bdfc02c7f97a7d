package dev.fanfare.transport.address;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// A range of IP addresses (RFC 4632, RFC 4291 section 2.3).
///
/// @param first any address of the range
/// @param bits how many leading bits of 128 its addresses share
public record Network(Ip first, int bits) {

  private static final Pattern FORM = Pattern.compile("([0-9A-Fa-f.:]+)(?:/([0-9]{1,3}))?");
  private static final int ALL_BITS = 128;
  private static final int V4_BITS = 32;

  /// Parses `10.0.0.0/8`, `2001:db8::/32` or a single address; null if `text` is none of them.
  public static @Nullable Network parse(String text) {
    Matcher matcher = FORM.matcher(text);
    Ip ip = matcher.matches() ? Ip.parse(matcher.group(1)) : null;
    if (ip == null) {
      return null;
    }
    int own = ip.isV4() ? V4_BITS : ALL_BITS;
    int given = matcher.group(2) == null ? own : Integer.parseInt(matcher.group(2));
    return given > own ? null : new Network(ip, ALL_BITS - own + given);
  }

  /// True if one of `networks` contains the address.
  static boolean anyContains(List<Network> networks, @Nullable Ip ip) {
    return ip != null && networks.stream().anyMatch(network -> network.contains(ip));
  }

  boolean contains(Ip ip) {
    return ((ip.high() ^ first.high()) & mask(bits)) == 0
        && ((ip.low() ^ first.low()) & mask(bits - Long.SIZE)) == 0;
  }

  /// A long whose first `ones` bits are set; `ones` may be out of range.
  private static long mask(int ones) {
    if (ones <= 0) {
      return 0;
    }
    return ones >= Long.SIZE ? -1 : -1L << (Long.SIZE - ones);
  }

  @Override
  public String toString() {
    return first + "/" + (first.isV4() ? bits - (ALL_BITS - V4_BITS) : bits);
  }
}
