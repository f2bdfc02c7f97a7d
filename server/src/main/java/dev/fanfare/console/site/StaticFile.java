package dev.fanfare.console.site;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.zip.GZIPOutputStream;

/// One file of the pages, as it is and compressed.
///
/// @param type its media type
/// @param tag the entity tag, without quotes
@SuppressWarnings("ArrayRecordComponent") // never compared, and written once
public record StaticFile(String type, String tag, byte[] plain, byte[] gzip) {

  private static final int TAG_BYTES = 16;

  static StaticFile of(String type, byte[] content) throws IOException {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
      gzip.write(content);
    }
    return new StaticFile(type, tag(content), content, packed.toByteArray());
  }

  private static String tag(byte[] content) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(content);
      return HexFormat.of().formatHex(digest, 0, TAG_BYTES);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every JDK has it
    }
  }

  /// The strong entity tag, with quotes: the two forms have different bytes, so different tags.
  public String tag(boolean isGzip) {
    return "\"" + tag + (isGzip ? "-gzip\"" : "\"");
  }

  /// The bytes of one form.
  public byte[] bytes(boolean isGzip) {
    return isGzip ? gzip : plain;
  }
}
