package dev.fanfare.doctor.wire;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// An HTTP/1 response.
///
/// @param headers the lines after the status line
/// @param body at most the first 64 KiB, as UTF-8
public record HttpAnswer(int status, List<String> headers, String body) {

  private static final int MAX_HEAD_BYTES = 65_536;
  private static final int MAX_BODY_BYTES = 65_536;

  /// The peer does not speak HTTP/1.
  public static final class NotHttp extends IOException {

    private static final long serialVersionUID = 1;
    private static final int TLS_ALERT = 0x15;
    private static final int TLS_HANDSHAKE = 0x16;

    private final int firstByte;

    NotHttp(int firstByte, String line) {
      super(line);
      this.firstByte = firstByte;
    }

    public boolean isTls() {
      return firstByte == TLS_ALERT || firstByte == TLS_HANDSHAKE;
    }

    /// A server that speaks only HTTP/2 begins with a SETTINGS frame, whose first byte is 0.
    public boolean isHttp2() {
      return firstByte == 0;
    }
  }

  /// The value of a header, whatever the case of its name, or null.
  public @Nullable String header(String name) {
    for (String line : headers) {
      int colon = line.indexOf(':');
      if (colon > 0 && line.substring(0, colon).strip().equalsIgnoreCase(name)) {
        return line.substring(colon + 1).strip();
      }
    }
    return null;
  }

  public boolean isHtml() {
    String type = header("Content-Type");
    return type != null && type.contains("html");
  }

  public boolean isRedirect() {
    return status >= 300 && status < 400 && header("Location") != null;
  }

  /// Reads the head and leaves the body.
  public static HttpAnswer readHead(InputStream in) throws IOException {
    List<String> lines = new ArrayList<>();
    int left = MAX_HEAD_BYTES;
    String line = line(in, left);
    if (!line.startsWith("HTTP/1.")) {
      throw new NotHttp(line.isEmpty() ? -1 : line.charAt(0), line);
    }
    int status = status(line);
    for (line = line(in, left); !line.isEmpty(); line = line(in, left)) {
      left -= line.length();
      lines.add(line);
    }
    return new HttpAnswer(status, lines, "");
  }

  private static int status(String line) throws IOException {
    try {
      return Integer.parseInt(line.split(" ", -1)[1]);
    } catch (NumberFormatException | ArrayIndexOutOfBoundsException e) {
      throw new NotHttp(line.charAt(0), line);
    }
  }

  /// Reads the body.
  public HttpAnswer readBody(InputStream in) throws IOException {
    if (status < 200 || status == 204 || status == 304) {
      return this;
    }
    String length = header("Content-Length");
    boolean chunked = String.valueOf(header("Transfer-Encoding")).contains("chunked");
    byte[] bytes = chunked ? chunks(in) : in.readNBytes(Math.min(MAX_BODY_BYTES, number(length)));
    return new HttpAnswer(status, headers, new String(bytes, StandardCharsets.UTF_8));
  }

  private static int number(@Nullable String text) throws IOException {
    try {
      return text == null ? MAX_BODY_BYTES : Integer.parseUnsignedInt(text);
    } catch (NumberFormatException e) {
      throw new IOException("the response's Content-Length is " + Words.brief(text), e);
    }
  }

  private static byte[] chunks(InputStream in) throws IOException {
    java.io.ByteArrayOutputStream all = new java.io.ByteArrayOutputStream();
    while (all.size() < MAX_BODY_BYTES) {
      String size = line(in, 1_024);
      int length;
      try {
        length = Integer.parseUnsignedInt(size.split(";", -1)[0].strip(), 16);
      } catch (NumberFormatException e) {
        throw new IOException("a chunk of the response begins with " + Words.brief(size), e);
      }
      if (length == 0) {
        break;
      }
      all.write(in.readNBytes(Math.min(length, MAX_BODY_BYTES)));
      line(in, 1_024);
    }
    return all.toByteArray();
  }

  /// One line without its line break.
  private static String line(InputStream in, int maxBytes) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int c = in.read(); c != '\n'; c = in.read()) {
      if (c < 0 && line.isEmpty()) {
        throw new EOFException("the connection was closed without a response");
      }
      if (c < 0 || line.length() > maxBytes || !(c >= ' ' || c == '\r' || c == '\t')) {
        throw new NotHttp(line.isEmpty() ? c : line.charAt(0), line.toString());
      }
      if (c != '\r') {
        line.append((char) c);
      }
    }
    return line.toString();
  }
}
