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

  /// One pair: the key decoded, the value decoded and as sent.
  ///
  /// @param rawValue with the `=` before it; empty if there was none
  private record Pair(String key, String value, String rawValue) {}

  /// One pair as it is signed; contains the joined values of an array.
  ///
  /// @param value with the `=` before it, if there is one
  private record Part(String key, StringBuilder value) {}

  /// How senders write an array parameter in the string that they sign.
  public enum Arrays {
    /// `name[0]=a&name[1]=b` was signed as `name=a,b` (PHP).
    JOINED,
    /// `name[]=a&name[]=b` was signed as is (Ruby).
    BRACKETS
  }

  private static final String SIGNATURE_KEY = "auth_signature";

  private final List<Pair> pairs;

  /// Pairs as sent; only the first [#MAX_PAIRS] were read.
  private final int sent;

  private Query(List<Pair> pairs, int sent) {
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
        pairs.add(pair(raw.substring(from, end)));
      }
      from = end + 1;
    }
    return new Query(pairs, sent);
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
    List<Part> parts = new ArrayList<>(pairs.size());
    Map<String, Part> firsts = HashMap.newHashMap(pairs.size());
    for (Pair pair : pairs) {
      String key = pair.key.toLowerCase(Locale.ROOT);
      if (key.equals(SIGNATURE_KEY)) {
        continue;
      }
      String value = decoded ? "=" + pair.value : pair.rawValue;
      String name = arrays == Arrays.JOINED ? base(key) : key;
      Part first = firsts.get(name);
      if (first == null || name.equals(key)) {
        Part part = new Part(name, new StringBuilder(value));
        parts.add(part);
        firsts.putIfAbsent(name, part);
      } else {
        first.value.append(',').append(value, Math.min(1, value.length()), value.length());
      }
    }
    parts.sort(Comparator.comparing(Part::key));
    StringBuilder out = new StringBuilder();
    for (Part part : parts) {
      out.append(out.isEmpty() ? "" : "&").append(part.key).append(part.value);
    }
    return out.toString();
  }

  private static Pair pair(String text) {
    int equals = text.indexOf('=');
    String key = equals < 0 ? text : text.substring(0, equals);
    String raw = equals < 0 ? "" : text.substring(equals);
    String value = equals < 0 ? "" : raw.substring(1);
    return new Pair(decode(key, true), decode(value, true), raw);
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
