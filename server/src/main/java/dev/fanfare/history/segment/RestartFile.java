package dev.fanfare.history.segment;

import dev.fanfare.history.EventId;
import dev.fanfare.history.Inherited;
import dev.fanfare.history.StoredEvent;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The file in which a process leaves to the next one what it has in memory: positions of clients,
/// then channels with their events. It is intact as a whole or not used: with positions but without
/// events, clients would miss some without being notified. Any thread.
public final class RestartFile {

  /// `FANFRST`, and the version of the format.
  private static final long MAGIC = 0x46414e_4652535401L;

  private static final int CHUNK_BYTES = 1 << 16;

  /// A longer record is damaged: events are smaller, whatever the limits of the app.
  private static final int MAX_BODY_BYTES = 1 << 28;

  /// Receives what is in the file, in this order.
  public interface Visitor {

    /// No event had a higher id, but for those of the channels that follow. Called once.
    void ids(EventId reserved);

    /// A position of a client.
    void position(Inherited.Position position);

    /// A channel.
    void channel(Inherited.Channel channel);
  }

  /// Opens the bytes of a file from the start.
  interface Source {
    InputStream open() throws IOException;
  }

  private RestartFile() {}

  /// Writes a file that only this user may read, and replaces an existing one.
  ///
  /// @param reserved at least the id of every event of other channels
  public static void write(
      Path path,
      Moment now,
      EventId reserved,
      List<Inherited.Position> positions,
      List<Inherited.Channel> channels)
      throws IOException {
    Path fresh = path.resolveSibling(path.getFileName() + ".new");
    try (FileChannel file = SegmentFile.openNew(fresh)) {
      Output out = new Output(file, now);
      out.add(new RestartCodec.Item.Ids(reserved));
      for (Inherited.Position position : positions) {
        out.add(new RestartCodec.Item.Left(position));
      }
      for (Inherited.Channel channel : channels) {
        out.add(new RestartCodec.Item.Head(channel));
        for (StoredEvent event : channel.events()) {
          out.add(new RestartCodec.Item.Kept(event));
        }
      }
      out.end();
      file.force(true);
      Files.move(fresh, path, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(fresh);
    }
  }

  /// Writes records in chunks.
  private static final class Output {
    private final FileChannel file;
    private final Moment now;
    private final RecordBuffer buffer = new RecordBuffer();
    private int records;

    Output(FileChannel file, Moment now) {
      this.file = file;
      this.now = now;
      buffer.putLong(MAGIC);
    }

    void add(RestartCodec.Item item) throws IOException {
      RestartCodec.encode(item, now, buffer);
      records++;
      if (buffer.size() >= CHUNK_BYTES) {
        flush();
      }
    }

    void end() throws IOException {
      add(new RestartCodec.Item.End(records));
      flush();
    }

    private void flush() throws IOException {
      ByteBuffer chunk = buffer.written(0);
      while (chunk.hasRemaining()) {
        var _ = file.write(chunk);
      }
      buffer.clear();
    }
  }

  /// Fails with [NewerFormat] if a newer version has written the file. Neither a missing nor a
  /// damaged one fails.
  public static void checkFormat(Path path) throws IOException {
    try (InputStream in = Files.newInputStream(path)) {
      byte[] magic = in.readNBytes(Long.BYTES);
      if (magic.length == Long.BYTES) {
        boolean _ = NewerFormat.check(path, ByteBuffer.wrap(magic).getLong(), MAGIC);
      }
    } catch (NoSuchFileException e) {
      // the process before left none
    }
  }

  /// Reads a file, of which the visitor sees nothing if it is damaged.
  ///
  /// @throws DamagedRestartFile if it is not as it was written, with the problem
  public static void read(Path path, Moment now, Visitor visitor) throws IOException {
    read(() -> Files.newInputStream(path), now, visitor);
  }

  static void read(Source source, Moment now, Visitor visitor) throws IOException {
    try (DataInputStream in = open(source)) {
      check(in, now);
    }
    try (DataInputStream in = open(source)) {
      visit(in, now, visitor);
    }
  }

  private static DataInputStream open(Source source) throws IOException {
    return new DataInputStream(new BufferedInputStream(source.open(), CHUNK_BYTES));
  }

  /// Every record can be read, in an order that makes sense, and none is missing.
  private static void check(DataInputStream in, Moment now) throws IOException {
    begin(in);
    int records = 0;
    boolean isFirst = true;
    boolean hasChannel = false;
    while (true) {
      RestartCodec.Item item = RestartCodec.decode(body(in), now);
      switch (item) {
        case RestartCodec.Item.End(int expected) -> {
          if (expected != records || isFirst || in.read() >= 0) {
            throw new DamagedRestartFile("it has other records than were written");
          }
          return;
        }
        case RestartCodec.Item.Ids _ -> require(isFirst);
        case RestartCodec.Item.Left _ -> require(!isFirst && !hasChannel);
        case RestartCodec.Item.Head _ -> {
          require(!isFirst);
          hasChannel = true;
        }
        case RestartCodec.Item.Kept _ -> require(hasChannel);
      }
      isFirst = false;
      records++;
    }
  }

  private static void require(boolean isInOrder) throws DamagedRestartFile {
    if (!isInOrder) {
      throw new DamagedRestartFile("its records are not in order");
    }
  }

  private static void begin(DataInputStream in) throws IOException {
    byte[] magic = in.readNBytes(Long.BYTES);
    if (magic.length < Long.BYTES || ByteBuffer.wrap(magic).getLong() != MAGIC) {
      throw new DamagedRestartFile("it does not begin like such a file of this version");
    }
  }

  private static ByteBuffer body(DataInputStream in) throws IOException {
    byte[] prefix = in.readNBytes(RecordCodec.PREFIX_BYTES);
    if (prefix.length < RecordCodec.PREFIX_BYTES) {
      throw new DamagedRestartFile("its end is missing");
    }
    ByteBuffer numbers = ByteBuffer.wrap(prefix);
    int length = numbers.getInt();
    int crc = numbers.getInt();
    if (length <= 0 || length > MAX_BODY_BYTES) {
      throw new DamagedRestartFile("it has a record of " + length + " bytes");
    }
    ByteBuffer body = ByteBuffer.wrap(in.readNBytes(length));
    if (body.remaining() < length) {
      throw new DamagedRestartFile("its end is missing");
    }
    if (RecordCodec.crc(body) != crc) {
      throw new DamagedRestartFile("a checksum is wrong");
    }
    return body;
  }

  private static void visit(DataInputStream in, Moment now, Visitor visitor) throws IOException {
    begin(in);
    Inherited.Channel head = null;
    List<StoredEvent> events = new ArrayList<>();
    while (true) {
      switch (RestartCodec.decode(body(in), now)) {
        case RestartCodec.Item.Ids(EventId reserved) -> visitor.ids(reserved);
        case RestartCodec.Item.Left(Inherited.Position position) -> visitor.position(position);
        case RestartCodec.Item.Head(Inherited.Channel channel) -> {
          visit(head, events, visitor);
          head = channel;
          events = new ArrayList<>();
        }
        case RestartCodec.Item.Kept(StoredEvent event) -> events.add(event);
        case RestartCodec.Item.End _ -> {
          visit(head, events, visitor);
          return;
        }
      }
    }
  }

  private static void visit(
      Inherited.@Nullable Channel head, List<StoredEvent> events, Visitor visitor) {
    if (head != null) {
      visitor.channel(
          new Inherited.Channel(
              head.channel(), events, head.newest(), head.lost(), head.hasLost()));
    }
  }
}
