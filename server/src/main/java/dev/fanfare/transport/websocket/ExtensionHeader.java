package dev.fanfare.transport.websocket;

import java.util.ArrayList;
import java.util.List;

/// Reads `Sec-WebSocket-Extensions` (RFC 6455 section 9.1): `name; parameter; parameter=value, …`.
final class ExtensionHeader {

  /// One extension that a client offers.
  record Offer(String name, List<Parameter> parameters) {}

  /// A parameter of an offer. The value is empty if there is none; a given value is never empty.
  record Parameter(String name, String value) {}

  private static final String TOKEN_PUNCTUATION = "!#$%&'*+-.^_`|~";
  private static final char END = '\0';

  private final String text;
  private int at;
  private boolean isBroken;

  private ExtensionHeader(String text) {
    this.text = text;
  }

  /// All offers in the client's order of preference. A malformed header offers nothing: a
  /// connection must not fail because of an extension.
  static List<Offer> parse(List<String> lines) {
    return new ExtensionHeader(String.join(",", lines)).offers();
  }

  private List<Offer> offers() {
    List<Offer> offers = new ArrayList<>();
    do {
      skipBlanks();
      if (next() != ',' && next() != END) {
        offers.add(offer());
      }
    } while (take(','));
    return isBroken || at < text.length() ? List.of() : offers;
  }

  private Offer offer() {
    String name = token();
    List<Parameter> parameters = new ArrayList<>();
    while (take(';')) {
      skipBlanks();
      String parameter = token();
      parameters.add(new Parameter(parameter, take('=') ? value() : ""));
    }
    return new Offer(name, parameters);
  }

  private String value() {
    skipBlanks();
    if (next() != '"') {
      return token();
    }
    at++;
    String value = token();
    if (next() == '"') {
      at++;
    } else {
      isBroken = true;
    }
    return value;
  }

  /// Only a token is allowed, also within quotes.
  private String token() {
    int start = at;
    while (isTokenCharacter(next())) {
      at++;
    }
    isBroken |= at == start;
    return text.substring(start, at);
  }

  private boolean take(char wanted) {
    skipBlanks();
    if (isBroken || next() != wanted) {
      return false;
    }
    at++;
    return true;
  }

  private void skipBlanks() {
    while (next() == ' ' || next() == '\t') {
      at++;
    }
  }

  private char next() {
    return at < text.length() ? text.charAt(at) : END;
  }

  private static boolean isTokenCharacter(char c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || TOKEN_PUNCTUATION.indexOf(c) >= 0;
  }
}
