package dev.fanfare.loadtest.wire;

import dev.fanfare.protocol.WebSocketFrame;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Reads the server's frames of one WebSocket connection from buffers split anywhere.
///
/// The frames are those of [WebSocketFrame]; RSV1 marks a compressed message (RFC 7692).
///
/// The cost of a delivery here limits the speed that can be measured, and [WebSocketFrame#read]
/// with [ServerText] costs 330 ns for one of 128 bytes, more than the server under test, against 9
/// ns here (`FrameScannerBenchmark`, in CPU time on a busy machine). So the common case, a complete
/// frame with the same layout as the previous one, costs a comparison of its first bytes and of its
/// marker, and three loads for the digits. Everything else takes the slow path. Only a frame split
/// by the end of a buffer is copied. Confined to one thread.
public final class FrameScanner {

  /// Maximum frame size; the member list of a huge presence channel is a few megabytes.
  static final int MAX_FRAME = 16 << 20;

  /// Characters of a message that are searched for its stamp.
  private static final int SEARCH = 1_024;

  private static final byte[] EMPTY = {};
  private static final int KEEP_CARRY = 4_096;

  private final FrameLayout layout;
  private final FrameSink sink;

  /// Reads compressed messages, `null` without compression.
  private final @Nullable Inflation inflation;

  /// The start of an incomplete frame, in the first `carried` bytes.
  private byte[] carry = EMPTY;

  private int carried;

  /// Payload of a fragmented message; rare.
  private final ByteArrayOutputStream fragments = new ByteArrayOutputStream(0);

  private boolean fragmentsCompressed;
  private boolean broken;

  public FrameScanner(FrameLayout layout, FrameSink sink) {
    this(layout, sink, null);
  }

  /// @param inflation for a connection with `permessage-deflate`
  public FrameScanner(FrameLayout layout, FrameSink sink, @Nullable Inflation inflation) {
    this.layout = layout;
    this.sink = sink;
    this.inflation = inflation;
  }

  /// Reads everything between the buffer's position and limit.
  public void scan(ByteBuffer buffer) {
    ByteBuffer in = buffer.order(ByteOrder.LITTLE_ENDIAN);
    int at = in.position();
    int end = in.limit();
    if (carried > 0) {
      at = completeCarried(in, at, end);
    }
    while (at < end && !broken) {
      int taken = scanKnown(in, at, end);
      if (taken == 0) {
        taken = scanAny(in, at, end);
        if (taken == 0) {
          keep(in, at, end);
          return;
        }
      }
      at += taken;
    }
  }

  /// Scans consecutive frames of the remembered layout; returns the number of bytes read.
  private int scanKnown(ByteBuffer in, int start, int end) {
    int length = layout.length;
    int head = layout.head;
    int mask = layout.headMask;
    int markerAt = layout.markerAt;
    int at = start;
    while (end - at >= length
        && (in.getInt(at) & mask) == head
        && in.getLong(at + markerAt) == Stamp.MARKER) {
      stamp(in, at + markerAt);
      at += length;
    }
    return at - start;
  }

  private void stamp(ByteBuffer in, int at) {
    int route = Stamp.hex(in.getLong(at + Stamp.ROUTE));
    int sequence = Stamp.hex(in.getLong(at + Stamp.SEQUENCE));
    int event = Stamp.hex(in.getLong(at + Stamp.EVENT));
    sink.onStamp(route >>> 16, route & 0xFFFF, sequence, event);
  }

  /// Scans one frame of any kind; 0 if it is not complete.
  private int scanAny(ByteBuffer in, int at, int end) {
    long length = frameLength(in, at, end);
    if (broken || length == 0 || length > end - at) {
      return 0;
    }
    int header = WebSocketFrame.headerBytes(in.get(at + 1));
    takeFrame(in, at, header, (int) length);
    return (int) length;
  }

  private void takeFrame(ByteBuffer in, int at, int header, int length) {
    int first = in.get(at) & 0xFF;
    int payload = length - header;
    switch (first) {
      case 0x81 -> takeText(in, at, header, length);
      case 0xC1 -> takeCompressed(in, at + header, payload);
      case 0x01, 0x41 -> {
        fragmentsCompressed = first == 0x41;
        append(in, at + header, payload);
      }
      case 0x00 -> append(in, at + header, payload);
      case 0x80 -> {
        append(in, at + header, payload);
        ByteBuffer whole = ByteBuffer.wrap(fragments.toByteArray()).order(ByteOrder.LITTLE_ENDIAN);
        fragments.reset();
        if (fragmentsCompressed) {
          takeCompressed(whole, 0, whole.limit());
        } else {
          takeMessage(whole);
        }
      }
      case 0x88 -> takeClose(bytes(in, at + header, payload));
      case 0x89 -> sink.onPing(bytes(in, at + header, payload));
      case 0x8A -> {}
      default -> violation("a frame that starts with byte 0x" + Integer.toHexString(first));
    }
  }

  private void takeText(ByteBuffer in, int at, int header, int length) {
    int marker = find(in, at + header, at + length);
    if (marker < 0) {
      sink.onText(new String(bytes(in, at + header, length - header), StandardCharsets.UTF_8));
      return;
    }
    layout.remember(in.getInt(at), header, marker - at, length);
    stamp(in, marker);
  }

  private void takeCompressed(ByteBuffer in, int at, int length) {
    if (inflation == null) {
      violation("a compressed frame without negotiated compression");
      return;
    }
    ByteBuffer message = inflation.inflate(in, at, length, MAX_FRAME);
    if (message == null) {
      violation("a compressed message that cannot be inflated");
    } else {
      takeMessage(message);
    }
  }

  private void takeMessage(ByteBuffer whole) {
    int marker = find(whole, 0, whole.limit());
    if (marker < 0) {
      sink.onText(new String(bytes(whole, 0, whole.limit()), StandardCharsets.UTF_8));
    } else {
      stamp(whole, marker);
    }
  }

  private void takeClose(byte[] payload) {
    WebSocketFrame close = WebSocketFrame.whole(WebSocketFrame.CLOSE, payload);
    sink.onCloseFrame(close.closeCode(), close.closeReason());
  }

  private static int find(ByteBuffer in, int from, int end) {
    int last = Math.min(end - Stamp.LENGTH, from + SEARCH);
    for (int at = from; at <= last; at++) {
      if (in.get(at) == '@' && in.getLong(at) == Stamp.MARKER) {
        return at;
      }
    }
    return -1;
  }

  /// Bytes of the frame at `at`, including the header; 0 if the header is incomplete.
  private long frameLength(ByteBuffer in, int at, int end) {
    int there = end - at;
    if (there < 2) {
      return 0;
    }
    byte second = in.get(at + 1);
    if (second < 0) {
      violation("a masked frame");
      return 0;
    }
    int header = WebSocketFrame.headerBytes(second);
    if (there < header) {
      return 0;
    }
    long payload =
        switch (header) {
          case 2 -> second;
          case 4 -> Short.reverseBytes(in.getShort(at + 2)) & 0xFFFF;
          default -> Long.reverseBytes(in.getLong(at + 2));
        };
    if (payload < 0 || payload > MAX_FRAME) {
      violation("a frame of " + payload + " bytes");
      return 0;
    }
    return header + payload;
  }

  /// Completes the carried start of a frame; returns where the rest starts.
  private int completeCarried(ByteBuffer in, int start, int end) {
    int at = start;
    while (at < end && !broken) {
      ByteBuffer begun = ByteBuffer.wrap(carry).order(ByteOrder.LITTLE_ENDIAN);
      long length = frameLength(begun, 0, carried);
      if (length > 0 && length == carried) {
        break;
      }
      // While the header is incomplete, one byte at a time is enough: that happens 9 times.
      int lacking = length == 0 ? 1 : (int) length - carried;
      int taken = Math.min(lacking, end - at);
      append(in, at, taken, length);
      at += taken;
    }
    finishCarried();
    return at;
  }

  private void finishCarried() {
    ByteBuffer begun = ByteBuffer.wrap(carry).order(ByteOrder.LITTLE_ENDIAN);
    long length = frameLength(begun, 0, carried);
    if (broken || length == 0 || length > carried) {
      return;
    }
    byte[] frame = carry;
    carry = frame.length > KEEP_CARRY ? EMPTY : carry;
    carried = 0;
    takeFrame(begun, 0, WebSocketFrame.headerBytes(frame[1]), (int) length);
  }

  private void append(ByteBuffer in, int at, int count, long frameLength) {
    int needed = Math.max(carried + count, (int) Math.max(frameLength, 16));
    if (carry.length < needed) {
      carry = Arrays.copyOf(carry, needed);
    }
    in.get(at, carry, carried, count);
    carried += count;
  }

  private void keep(ByteBuffer in, int at, int end) {
    if (!broken) {
      append(in, at, end - at, frameLength(in, at, end));
    }
  }

  private void append(ByteBuffer in, int at, int count) {
    if (fragments.size() + count > MAX_FRAME) {
      violation("a message of more than " + MAX_FRAME + " bytes");
      return;
    }
    fragments.write(bytes(in, at, count), 0, count);
  }

  private static byte[] bytes(ByteBuffer in, int at, int count) {
    byte[] copy = new byte[count];
    in.get(at, copy, 0, count);
    return copy;
  }

  private void violation(String why) {
    broken = true;
    sink.onViolation(why);
  }
}
