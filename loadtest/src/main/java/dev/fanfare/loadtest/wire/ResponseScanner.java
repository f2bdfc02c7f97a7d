package dev.fanfare.loadtest.wire;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Reads the HTTP/1.1 responses of one persistent connection from buffers split anywhere: bodies
/// with `Content-Length` or chunked, several responses in one buffer. Confined to one thread.
public final class ResponseScanner {

  private static final int MAX_RESPONSE = 4 << 20;
  private static final int OK = 200;

  private final ResponseSink sink;

  /// Bytes not parsed yet, between `start` and `end`.
  private byte[] pending = new byte[512];

  private int start;
  private int end;

  public ResponseScanner(ResponseSink sink) {
    this.sink = sink;
  }

  /// Reads everything between the buffer's position and limit.
  public void scan(ByteBuffer in) {
    int count = in.remaining();
    makeRoom(count);
    in.get(pending, end, count);
    end += count;
    while (start < end && takeResponse()) {
      // Pipelined responses follow each other without a gap.
    }
    if (start == end) {
      start = 0;
      end = 0;
    } else if (end - start > MAX_RESPONSE) {
      start = end;
      sink.onResponse(0, true, "a response of more than " + MAX_RESPONSE + " bytes");
    }
  }

  private void makeRoom(int count) {
    if (start > 0 && end + count > pending.length) {
      System.arraycopy(pending, start, pending, 0, end - start);
      end -= start;
      start = 0;
    }
    if (end + count > pending.length) {
      pending = Arrays.copyOf(pending, Math.max(end + count, pending.length * 2));
    }
  }

  private boolean takeResponse() {
    int headEnd = headEnd();
    if (headEnd < 0) {
      return false;
    }
    int status = status();
    if (status == 0) {
      String text = new String(pending, start, Math.min(80, end - start), StandardCharsets.UTF_8);
      start = end;
      sink.onResponse(0, true, "not HTTP: " + text);
      return false;
    }
    Head head = head(headEnd);
    if (head.chunked) {
      return takeChunked(status, head, headEnd);
    }
    if (end - headEnd < head.length) {
      return false;
    }
    String body = text(headEnd, head.length);
    start = headEnd + head.length;
    deliver(status, head, body);
    return true;
  }

  private boolean takeChunked(int status, Head head, int bodyStart) {
    StringBuilder body = new StringBuilder();
    int at = bodyStart;
    while (true) {
      int lineEnd = lineEnd(at);
      if (lineEnd < 0) {
        return false;
      }
      int size = Integer.parseInt(text(at, lineEnd - at).split(";", 2)[0].strip(), 16);
      int next = lineEnd + 2 + size + 2;
      if (next > end) {
        return false;
      }
      if (size == 0) {
        start = next;
        deliver(status, head, body.toString());
        return true;
      }
      body.append(text(lineEnd + 2, size));
      at = next;
    }
  }

  private void deliver(int status, Head head, String body) {
    if (status >= OK) {
      sink.onResponse(status, head.closes, body);
    }
  }

  /// The relevant header lines of a response.
  private record Head(int length, boolean chunked, boolean closes) {}

  private Head head(int headEnd) {
    int length = 0;
    boolean chunked = false;
    boolean closes = false;
    int at = lineEnd(start) + 2;
    while (at < headEnd - 2) {
      int lineEnd = lineEnd(at);
      // Two names start with 'c' and one with 't'; other lines are skipped.
      int first = pending[at] | 0x20;
      if (first == 'c' || first == 't') {
        String line = text(at, lineEnd - at).toLowerCase(java.util.Locale.ROOT);
        if (line.startsWith("content-length:")) {
          length = Integer.parseInt(line.substring(15).strip());
        } else if (line.startsWith("transfer-encoding:")) {
          chunked = line.contains("chunked");
        } else if (line.startsWith("connection:")) {
          closes = line.contains("close");
        }
      }
      at = lineEnd + 2;
    }
    return new Head(length, chunked, closes);
  }

  /// The three digits after `HTTP/1.1 `, or 0.
  private int status() {
    if (pending[start] != 'H' || pending[start + 4] != '/' || pending[start + 8] != ' ') {
      return 0;
    }
    int hundreds = pending[start + 9] - '0';
    return hundreds * 100 + (pending[start + 10] - '0') * 10 + (pending[start + 11] - '0');
  }

  /// Where the body starts, or -1.
  private int headEnd() {
    for (int at = start + 3; at < end; at++) {
      if (pending[at] == '\n' && pending[at - 2] == '\n' && pending[at - 1] == '\r') {
        return at + 1;
      }
    }
    return -1;
  }

  private int lineEnd(int from) {
    for (int at = from; at + 1 < end; at++) {
      if (pending[at] == '\r' && pending[at + 1] == '\n') {
        return at;
      }
    }
    return -1;
  }

  private String text(int at, int length) {
    return new String(pending, at, length, StandardCharsets.UTF_8);
  }
}
