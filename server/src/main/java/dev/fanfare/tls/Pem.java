package dev.fanfare.tls;

import dev.fanfare.protocol.Parsed;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The blocks of a PEM file (RFC 7468). Text between them is ignored.
final class Pem {

  static final String BEGIN = "-----BEGIN ";

  private static final Pattern BLOCK =
      Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----(.*?)-----END \\1-----", Pattern.DOTALL);
  private static final Pattern HEADER = Pattern.compile("(?m)^[A-Za-z0-9-]+:.*$");

  /// One block.
  ///
  /// @param label its type, such as `PRIVATE KEY`
  /// @param isLocked true if its headers say that it is encrypted in the traditional OpenSSL format
  @SuppressWarnings("ArrayRecordComponent") // blocks are never compared
  record Block(String label, boolean isLocked, byte[] der) {

    boolean isCertificate() {
      return label.equals("CERTIFICATE") || label.equals("X509 CERTIFICATE");
    }

    boolean isKey() {
      return label.endsWith("PRIVATE KEY");
    }
  }

  private Pem() {}

  static boolean isPem(String text) {
    return text.contains(BEGIN);
  }

  /// All blocks, or the problem of the file, to follow "which".
  static Parsed<List<Block>> blocks(String text) {
    List<Block> blocks = new ArrayList<>();
    Matcher matcher = BLOCK.matcher(text);
    while (matcher.find()) {
      String label = matcher.group(1);
      String body = HEADER.matcher(matcher.group(2)).replaceAll("").replaceAll("\\s", "");
      try {
        boolean isLocked = matcher.group(2).contains("ENCRYPTED");
        blocks.add(new Block(label, isLocked, Base64.getDecoder().decode(body)));
      } catch (IllegalArgumentException e) {
        return new Parsed.Bad<>("holds a " + label + " that is not valid base64");
      }
    }
    int begun = text.split(BEGIN, -1).length - 1;
    return begun == blocks.size()
        ? new Parsed.Ok<>(blocks)
        : new Parsed.Bad<>("has a block without an END line");
  }
}
