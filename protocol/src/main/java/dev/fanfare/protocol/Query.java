package dev.fanfare.protocol;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The query string of an API request: its parameters, and the string that its sender signed
/// (section 6.1). Total: a malformed percent escape is kept as is.
///
/// At most [#MAX_PAIRS] pairs are read, because each costs much more than its bytes: decoding,
/// sorting, and several strings to sign.
public final class Query {

  /// Pairs of one query; requests of the API use about ten.
  public static final int MAX_PAIRS = 64;

  /// One pair: the key decoded, also as it is signed; the value decoded, and where it was sent.
  ///
  /// @param lower the key in lower case
  /// @param equals the index of the `=`; `end` if there is none
  /// @param end the index behind the value
  private record Pair(String key, String lower, String value, int equals, int end) {}

  /// One pair as it is signed; contains the joined values of an array.
  ///
  /// @param value with the `=` before it
  private record Part(String key, StringBuilder value) {}

  /// How senders write an array parameter in the string that they sign.
  public enum Arrays {
    /// `name[0]=a&name[1]=b` was signed as `name=a,b` (PHP).
    JOINED,
    /// `name[]=a&name[]=b` was signed as is (Ruby).
    BRACKETS
  }

  private static final String SIGNATURE_KEY = "auth_signature";
  private static final Comparator<Pair> BY_KEY = Comparator.comparing(Pair::lower);

  private final String raw;
  private final List<Pair> pairs;

  /// Pairs as sent; only the first [#MAX_PAIRS] were read.
  private final int sent;

  private Query(String raw, List<Pair> pairs, int sent) {
    this.raw = raw;
    this.pairs = pairs;
    this.sent = sent;
  }

  /// Parses the part of a request target after `?`; the empty string has no parameters.
  public static Query parse(String raw) {
    List<Pair> pairs = new ArrayList<>();
    int sent = 0;
    int from = 0;
    while (from < raw.length()) {
      int end = raw.indexOf('&', from);
      end = end < 0 ? raw.length() : end;
      if (end > from && ++sent <= MAX_PAIRS) {
        pairs.add(pair(raw, from, end));
      }
      from = end + 1;
    }
    return new Query(raw, pairs, sent);
  }

  /// Fails if the query has more than [#MAX_PAIRS] pairs; the request must be refused then.
  public Parsed<Parsed.Passed> check() {
    return sent <= MAX_PAIRS
        ? Parsed.PASSED
        : new Parsed.Bad<>("The query has " + sent + " parameters, the limit is " + MAX_PAIRS);
  }

  /// The first value of a parameter, decoded; the name is case-insensitive.
  public @Nullable String get(String key) {
    for (Pair pair : pairs) {
      if (pair.key.equalsIgnoreCase(key)) {
        return pair.value;
      }
    }
    return null;
  }

  /// All values of `key`, `key[]` and `key[N]`, in order.
  public List<String> all(String key) {
    List<String> values = new ArrayList<>();
    for (Pair pair : pairs) {
      if (base(pair.key).equalsIgnoreCase(key)) {
        values.add(pair.value);
      }
    }
    return values;
  }

  /// The QUERY part of the string to sign: keys lowercased and sorted, values decoded.
  public String toSign(Arrays arrays) {
    return toSign(arrays, true);
  }

  /// The same with the values exactly as sent, for senders that escape before they sign; a key
  /// without `=` is kept without one.
  public String toSignRaw() {
    return toSign(Arrays.BRACKETS, false);
  }

  private String toSign(Arrays arrays, boolean decoded) {
    Pair[] signed = new Pair[pairs.size()];
    int count = 0;
    boolean hasArrays = false;
    for (Pair pair : pairs) {
      if (!pair.lower.equals(SIGNATURE_KEY)) {
        signed[count++] = pair;
        hasArrays |= pair.lower.endsWith("]");
      }
    }
    if (hasArrays && arrays == Arrays.JOINED) {
      return joined(signed, count);
    }
    java.util.Arrays.sort(signed, 0, count, BY_KEY);
    StringBuilder out = new StringBuilder(raw.length());
    for (int i = 0; i < count; i++) {
      Pair pair = signed[i];
      out.append(i == 0 ? "" : "&").append(pair.lower);
      if (decoded) {
        out.append('=').append(pair.value);
      } else {
        out.append(raw, pair.equals, pair.end);
      }
    }
    return out.toString();
  }

  /// With the values of each array as one.
  private static String joined(Pair[] signed, int count) {
    List<Part> parts = new ArrayList<>(count);
    Map<String, Part> firsts = HashMap.newHashMap(count);
    for (int i = 0; i < count; i++) {
      String key = signed[i].lower;
      String name = base(key);
      Part first = firsts.get(name);
      if (first == null || name.equals(key)) {
        Part part = new Part(name, new StringBuilder("=").append(signed[i].value));
        parts.add(part);
        firsts.putIfAbsent(name, part);
      } else {
        first.value.append(',').append(signed[i].value);
      }
    }
    parts.sort(Comparator.comparing(Part::key));
    StringBuilder out = new StringBuilder();
    for (Part part : parts) {
      out.append(out.isEmpty() ? "" : "&").append(part.key).append(part.value);
    }
    return out.toString();
  }

  private static Pair pair(String raw, int from, int end) {
    int found = raw.indexOf('=', from, end);
    int equals = found < 0 ? end : found;
    String key = decode(raw.substring(from, equals), true);
    String value = found < 0 ? "" : decode(raw.substring(found + 1, end), true);
    return new Pair(key, key.toLowerCase(Locale.ROOT), value, equals, end);
  }

  /// `name[]` and `name[3]` to `name`; anything else to itself.
  private static String base(String key) {
    int bracket = key.indexOf('[');
    return bracket > 0 && key.endsWith("]") ? key.substring(0, bracket) : key;
  }

  /// Decodes percent escapes, and `+` if `plusIsSpace`. A malformed escape is kept as is.
  public static String decode(String text, boolean plusIsSpace) {
    if (text.indexOf('%') < 0 && (!plusIsSpace || text.indexOf('+') < 0)) {
      return text;
    }
    byte[] in = text.getBytes(StandardCharsets.UTF_8);
    ByteArrayOutputStream out = new ByteArrayOutputStream(in.length);
    for (int i = 0; i < in.length; i++) {
      int escaped = in[i] == '%' && i + 2 < in.length ? hexByte(in[i + 1], in[i + 2]) : -1;
      if (escaped >= 0) {
        out.write(escaped);
        i += 2;
      } else {
        out.write(plusIsSpace && in[i] == '+' ? ' ' : in[i]);
      }
    }
    return out.toString(StandardCharsets.UTF_8);
  }

  private static int hexByte(byte high, byte low) {
    int h = Character.digit(high, 16);
    int l = Character.digit(low, 16);
    return h < 0 || l < 0 ? -1 : h * 16 + l;
  }
}
