package dev.fanfare.history.segment;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The records of one segment: a header of 20 bytes (magic number with the version of the format,
/// time of creation, CRC-32C of both), then records. Appended to by one thread, read by any.
final class SegmentFile implements AutoCloseable {

  /// `FANFHIS`, and the version of the format. It is raised for a new kind of record, too: a
  /// version that does not know one would cut the file there.
  private static final long MAGIC = 0x46414e_4648495301L;

  /// Ends the names of files with what was found damaged.
  static final String DAMAGED_SUFFIX = ".damaged";

  static final int HEADER_BYTES = 2 * Long.BYTES + Integer.BYTES;

  /// A longer record is damaged: events are smaller, whatever the limits of the app.
  private static final int MAX_BODY_BYTES = 1 << 28;

  /// Bytes that are read at once: most records are smaller.
  private static final int FIRST_READ_BYTES = 1_024;

  private static final int SCAN_BUFFER_BYTES = 1 << 18;

  /// Receives the records of a scan, in order.
  interface Visitor {
    /// Visits one record.
    ///
    /// @param offset of the record in the file
    void visit(int offset, SegmentRecord found);
  }

  private final Path path;
  private final FileChannel channel;
  private final long createdMs;

  /// The end of the last good record. Written by the thread that appends.
  private volatile long end;

  private SegmentFile(Path path, FileChannel channel, long createdMs, long end) {
    this.path = path;
    this.channel = channel;
    this.createdMs = createdMs;
    this.end = end;
  }

  /// A new file, which only this user may read.
  static SegmentFile create(Path path, long createdMs) throws IOException {
    FileChannel channel = openNew(path);
    try {
      ByteBuffer header = ByteBuffer.allocate(HEADER_BYTES).putLong(MAGIC).putLong(createdMs);
      int crc = RecordCodec.crc(header.duplicate().flip());
      header.putInt(crc).flip();
      writeAll(channel, header, 0);
      return new SegmentFile(path, channel, createdMs, HEADER_BYTES);
    } catch (IOException e) {
      channel.close();
      Files.deleteIfExists(path);
      throw e;
    }
  }

  /// Opens a new or empty file for reading and writing, which only this user may read.
  static FileChannel openNew(Path path) throws IOException {
    boolean isPosix = path.getFileSystem().supportedFileAttributeViews().contains("posix");
    FileAttribute<?>[] attributes =
        isPosix
            ? new FileAttribute<?>[] {
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
            }
            : new FileAttribute<?>[0];
    return FileChannel.open(
        path,
        Set.of(
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE),
        attributes);
  }

  /// An existing file; null if it does not begin like one.
  ///
  /// @throws NewerFormat if this version cannot read it
  static @Nullable SegmentFile open(Path path) throws IOException {
    FileChannel channel = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
    ByteBuffer header = ByteBuffer.allocate(HEADER_BYTES);
    try {
      readAll(channel, header, 0);
      header.flip();
      if (header.remaining() == HEADER_BYTES) {
        long magic = header.getLong();
        long createdMs = header.getLong();
        int crc = header.getInt();
        // All versions have this checksum, so that a damaged byte is not mistaken for a version.
        boolean isIntact = RecordCodec.crc(header.rewind().limit(2 * Long.BYTES)) == crc;
        if (isIntact && NewerFormat.check(path, magic, MAGIC)) {
          return new SegmentFile(path, channel, createdMs, channel.size());
        }
      }
    } catch (IOException e) {
      channel.close();
      throw e;
    }
    channel.close();
    return null;
  }

  Path path() {
    return path;
  }

  long createdMs() {
    return createdMs;
  }

  /// Where the next record begins. Any thread.
  long end() {
    return end;
  }

  /// Reads all records up to the end or the first fault, where this file then ends. What follows a
  /// fault is copied to a file beside it.
  ///
  /// @return bytes after the fault; 0 if there was none
  long scan(Visitor visitor) throws IOException {
    long size = channel.size();
    long good = HEADER_BYTES;
    try (DataInputStream in =
        new DataInputStream(
            new BufferedInputStream(
                Channels.newInputStream(
                    FileChannel.open(path, StandardOpenOption.READ).position(HEADER_BYTES)),
                SCAN_BUFFER_BYTES))) {
      while (size - good >= RecordCodec.PREFIX_BYTES) {
        int length = in.readInt();
        int crc = in.readInt();
        if (length <= 0
            || length > MAX_BODY_BYTES
            || length > size - good - RecordCodec.PREFIX_BYTES) {
          break;
        }
        ByteBuffer body = ByteBuffer.wrap(in.readNBytes(length));
        SegmentRecord found = RecordCodec.crc(body) == crc ? RecordCodec.decode(body) : null;
        if (found == null || good > Integer.MAX_VALUE) {
          break;
        }
        visitor.visit((int) good, found);
        good += RecordCodec.PREFIX_BYTES + length;
      }
    } catch (EOFException e) {
      // the file was cut meanwhile
    }
    end = good;
    if (size > good) {
      copyAside(good);
      channel.truncate(good);
    }
    return size - good;
  }

  /// The copy is there for a person to look at; there is one of each segment, the last.
  private void copyAside(long from) throws IOException {
    Path aside = aside(path);
    Files.copy(
        path, aside, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.COPY_ATTRIBUTES);
    try (FileChannel copy = FileChannel.open(aside, StandardOpenOption.WRITE)) {
      copy.truncate(0);
      channel.transferTo(from, channel.size() - from, copy);
    }
  }

  /// Where the damaged part of a file is copied to.
  static Path aside(Path path) {
    return path.resolveSibling(path.getFileName() + DAMAGED_SUFFIX);
  }

  /// Appends records, all or none.
  void append(ByteBuffer records) throws IOException {
    long next = end + records.remaining();
    try {
      writeAll(channel, records, end);
    } catch (IOException e) {
      try {
        channel.truncate(end); // a short write leaves a part of a record
      } catch (IOException e2) {
        e.addSuppressed(e2);
      }
      throw e;
    }
    end = next;
  }

  private static void writeAll(FileChannel channel, ByteBuffer bytes, long at) throws IOException {
    long position = at;
    while (bytes.hasRemaining()) {
      position += channel.write(bytes, position);
    }
  }

  /// Fills the buffer as far as the file reaches.
  static void readAll(FileChannel channel, ByteBuffer into, long at) throws IOException {
    long position = at;
    int read = 0;
    while (into.hasRemaining() && read >= 0) {
      read = channel.read(into, position);
      position += Math.max(0, read);
    }
  }

  /// Reads the record at this offset; null if it is damaged. Any thread.
  @Nullable SegmentRecord read(int offset) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(FIRST_READ_BYTES);
    readAll(channel, bytes, offset);
    bytes.flip();
    if (bytes.remaining() < RecordCodec.PREFIX_BYTES) {
      return null;
    }
    int length = bytes.getInt();
    int crc = bytes.getInt();
    if (length <= 0 || length > end - offset - RecordCodec.PREFIX_BYTES) {
      return null;
    }
    ByteBuffer body = bytes.slice();
    if (length > body.remaining()) {
      body = ByteBuffer.allocate(length);
      readAll(channel, body, (long) offset + RecordCodec.PREFIX_BYTES);
      body.flip();
    }
    if (body.remaining() < length) {
      return null;
    }
    body.limit(length);
    return RecordCodec.crc(body) == crc ? RecordCodec.decode(body) : null;
  }

  /// Returns when everything that was appended is on the disk.
  void sync() throws IOException {
    channel.force(false);
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
