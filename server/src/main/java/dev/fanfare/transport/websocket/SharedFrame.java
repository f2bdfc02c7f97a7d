package dev.fanfare.transport.websocket;

import dev.fanfare.channel.lane.Frames;
import dev.fanfare.channel.lane.Outbound;
import dev.fanfare.protocol.ChannelName;
import dev.fanfare.protocol.Parsed;
import dev.fanfare.transport.memory.Backlog;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// One or more messages as complete frames in a buffer that any number of sockets send. There are
/// two forms, plain and compressed, and a line of text for HTTP, each created when the first socket
/// needs it. Confined to its lane.
///
/// The buffer has no spare capacity: Netty's TLS handler coalesces writes by appending to the first
/// buffer if it can, and this one is shared.
public final class SharedFrame implements Frames {

  private static final int FIN_RSV1_TEXT = FrameWriter.FIN_TEXT | 0x40;

  private final Maker maker;
  private final List<Outbound> messages;
  private final int events;
  private @Nullable ByteBuf plain;
  private @Nullable ByteBuf deflated;
  private @Nullable MessageLine line;
  private @Nullable SharedFrame withoutEvents;

  private SharedFrame(Maker maker, List<Outbound> messages) {
    this.maker = maker;
    this.messages = messages;
    int published = 0;
    for (Outbound message : messages) {
      published += message.isEvent() ? 1 : 0;
    }
    this.events = published;
  }

  /// Makes frames in buffers of `allocator`, which count as backlog until they have been read.
  public record Maker(ByteBufAllocator allocator, UnaryOperator<byte[]> deflate, Backlog backlog)
      implements Frames.Maker {

    private ByteBuf buffer(int size) {
      ByteBuf buffer = allocator.directBuffer(size, size);
      backlog.hold(size);
      return buffer;
    }

    @Override
    public void onFlushed() {
      backlog.onFlushed();
    }

    @Override
    public Parsed<Parsed.Passed> checkRoom() {
      return backlog.hasRoom() ? Parsed.PASSED : new Parsed.Bad<>(backlog.problem());
    }

    @Override
    public SharedFrame coalesce(List<Outbound> messages) {
      return new SharedFrame(this, messages);
    }
  }

  /// The bytes for a socket that did not negotiate compression; the sender retains a duplicate.
  ByteBuf plain() {
    ByteBuf bytes = plain;
    if (bytes == null) {
      bytes = joinPlain();
      plain = bytes;
    }
    return bytes;
  }

  /// The bytes for a socket that negotiated compression.
  ByteBuf deflated() {
    ByteBuf bytes = deflated;
    if (bytes == null) {
      bytes = isAnyDeflated() ? joinDeflated() : plain();
      deflated = bytes;
    }
    return bytes;
  }

  /// The messages for a connection over plain HTTP; the sender retains its bytes.
  public MessageLine line() {
    MessageLine encoded = line;
    if (encoded == null) {
      List<byte[]> texts = new ArrayList<>(messages.size());
      for (Outbound message : messages) {
        texts.add(message.utf8());
      }
      encoded = MessageLine.of(texts, maker::buffer);
      line = encoded;
    }
    return encoded;
  }

  /// Number of messages.
  public int messages() {
    return messages.size();
  }

  public boolean isEmpty() {
    return messages.isEmpty();
  }

  /// How many of the messages are published events.
  public int events() {
    return events;
  }

  /// The channel, if a rule keeps any of the messages; else null.
  @Nullable ChannelName keptIn() {
    for (Outbound message : messages) {
      if (message.isStored()) {
        return message.channel().name();
      }
    }
    return null;
  }

  /// The same without published events; may be empty.
  SharedFrame withoutEvents() {
    SharedFrame rest = withoutEvents;
    if (rest == null) {
      rest = maker.coalesce(messages.stream().filter(message -> !message.isEvent()).toList());
      withoutEvents = rest;
    }
    return rest;
  }

  @Override
  @SuppressWarnings("ReferenceEquality") // both may be one buffer
  public void release() {
    if (withoutEvents != null) {
      withoutEvents.release();
    }
    if (line != null) {
      maker.backlog.release(line.bytes());
    }
    ByteBuf one = plain;
    ByteBuf other = deflated;
    if (one != null) {
      maker.backlog.release(one);
    }
    if (other != null && other != one) {
      maker.backlog.release(other);
    }
  }

  private ByteBuf joinPlain() {
    int size = 0;
    for (Outbound message : messages) {
      size += FrameWriter.frameBytes(message.utf8());
    }
    ByteBuf out = maker.buffer(size);
    for (Outbound message : messages) {
      FrameWriter.writeFrame(out, FrameWriter.FIN_TEXT, message.utf8());
    }
    return out;
  }

  private ByteBuf joinDeflated() {
    int size = 0;
    for (Outbound message : messages) {
      byte[] smaller = message.deflated(maker.deflate);
      size += FrameWriter.frameBytes(smaller.length == 0 ? message.utf8() : smaller);
    }
    ByteBuf out = maker.buffer(size);
    for (Outbound message : messages) {
      byte[] smaller = message.deflated(maker.deflate);
      if (smaller.length == 0) {
        FrameWriter.writeFrame(out, FrameWriter.FIN_TEXT, message.utf8());
      } else {
        FrameWriter.writeFrame(out, FIN_RSV1_TEXT, smaller);
      }
    }
    return out;
  }

  private boolean isAnyDeflated() {
    for (Outbound message : messages) {
      if (message.deflated(maker.deflate).length > 0) {
        return true;
      }
    }
    return false;
  }
}
