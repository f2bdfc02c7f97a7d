package dev.fanfare.history.segment;

import dev.fanfare.history.EventId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.stream.IntStream;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/// The index of a segment to which nothing is appended any more, in a file: the length of the
/// segment, its totals, then 12 bytes for each record (key, offset), sorted, and a CRC-32C of all.
/// Searched in the file, not on the heap. Any thread.
final class SealedIndex implements SegmentIndex, AutoCloseable {

  /// `FANFIDX`, and the version of the format.
  private static final long MAGIC = 0x46414e_4649445801L;

  private static final int HEADER_BYTES = 6 * Long.BYTES + Integer.BYTES;
  private static final int ENTRY_BYTES = Long.BYTES + Integer.BYTES;
  private static final int CHUNK_BYTES = 1 << 16;

  /// Entries that are read at once.
  private static final int WINDOW_ENTRIES = 64;

  private final FileChannel channel;
  private final SegmentTotals totals;

  private SealedIndex(FileChannel channel, SegmentTotals totals) {
    this.channel = channel;
    this.totals = totals;
  }

  SegmentTotals totals() {
    return totals;
  }

  /// Writes the index of a segment and opens it.
  ///
  /// @param length of the segment, bytes
  static SealedIndex write(Path path, OpenIndex index, SegmentTotals totals, long length)
      throws IOException {
    ByteBuffer bytes =
        ByteBuffer.allocate(HEADER_BYTES + index.size() * ENTRY_BYTES + Integer.BYTES);
    bytes
        .putLong(MAGIC)
        .putLong(length)
        .putLong(totals.lastId().ms())
        .putLong(totals.lastId().number())
        .putLong(totals.lastSequence())
        .putLong(totals.newestMs())
        .putInt(index.size());
    Integer[] order = IntStream.range(0, index.size()).boxed().toArray(Integer[]::new);
    Arrays.sort(order, (one, other) -> Long.compare(index.keyAt(one), index.keyAt(other)));
    for (int i : order) { // the sort is stable, so offsets of a key ascend
      bytes.putLong(index.keyAt(i)).putInt(index.offsetAt(i));
    }
    int crc = RecordCodec.crc(bytes.duplicate().flip());
    bytes.putInt(crc).flip();
    Path fresh = path.resolveSibling(path.getFileName() + Segment.NEW_SUFFIX);
    try (FileChannel out = SegmentFile.openNew(fresh)) {
      while (bytes.hasRemaining()) {
        var _ = out.write(bytes);
      }
      out.force(false);
    }
    Files.move(fresh, path, StandardCopyOption.ATOMIC_MOVE);
    return new SealedIndex(
        FileChannel.open(path, StandardOpenOption.READ), totals.withRecords(index.size()));
  }

  /// The index of a segment with that length; null if there is none, or a damaged one.
  static @Nullable SealedIndex open(Path path, long length) throws IOException {
    FileChannel channel;
    try {
      channel = FileChannel.open(path, StandardOpenOption.READ);
    } catch (NoSuchFileException e) {
      return null;
    }
    try {
      ByteBuffer header = ByteBuffer.allocate(HEADER_BYTES);
      SegmentFile.readAll(channel, header, 0);
      if (!header.flip().hasRemaining() || header.remaining() < HEADER_BYTES) {
        channel.close();
        return null;
      }
      boolean fits = header.getLong() == MAGIC && header.getLong() == length;
      EventId lastId = new EventId(header.getLong(), header.getLong());
      long lastSequence = header.getLong();
      long newestMs = header.getLong();
      int records = header.getInt();
      if (fits && records >= 0 && isIntact(channel, records)) {
        return new SealedIndex(channel, new SegmentTotals(records, lastId, lastSequence, newestMs));
      }
    } catch (IOException e) {
      channel.close();
      throw e;
    }
    channel.close();
    return null;
  }

  private static boolean isIntact(FileChannel channel, int records) throws IOException {
    long covered = HEADER_BYTES + (long) records * ENTRY_BYTES;
    if (channel.size() != covered + Integer.BYTES) {
      return false;
    }
    CRC32C crc = new CRC32C();
    ByteBuffer chunk = ByteBuffer.allocate(CHUNK_BYTES);
    for (long at = 0; at < covered; at += chunk.limit()) {
      chunk.clear().limit((int) Math.min(CHUNK_BYTES, covered - at));
      SegmentFile.readAll(channel, chunk, at);
      crc.update(chunk.flip());
    }
    ByteBuffer expected = ByteBuffer.allocate(Integer.BYTES);
    SegmentFile.readAll(channel, expected, covered);
    return !expected.hasRemaining() && expected.getInt(0) == (int) crc.getValue();
  }

  @Override
  public Offsets offsets(long key) throws IOException {
    int first = firstAtLeast(key);
    int end = key == Long.MAX_VALUE ? totals.records() : firstAtLeast(key + 1);
    return new Window(first, end - first);
  }

  /// The offsets of all records, ascending.
  int[] all() throws IOException {
    Offsets entries = new Window(0, totals.records());
    int[] offsets = new int[entries.count()];
    for (int i = 0; i < offsets.length; i++) {
      offsets[i] = entries.at(i);
    }
    return Arrays.stream(offsets).sorted().distinct().toArray();
  }

  private int firstAtLeast(long key) throws IOException {
    int low = 0;
    int high = totals.records();
    ByteBuffer entry = ByteBuffer.allocate(ENTRY_BYTES);
    while (low < high) {
      int middle = (low + high) >>> 1;
      read(middle, entry);
      if (entry.getLong(0) >= key) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low;
  }

  /// Fills a buffer with entries.
  private void read(int index, ByteBuffer entries) throws IOException {
    SegmentFile.readAll(channel, entries, HEADER_BYTES + (long) index * ENTRY_BYTES);
    if (entries.hasRemaining()) {
      throw new IOException("an index was cut");
    }
    entries.flip();
  }

  /// Some entries in a row, read from the file a few at a time.
  private final class Window implements Offsets {
    private final int first;
    private final int count;
    private final ByteBuffer entries = ByteBuffer.allocate(WINDOW_ENTRIES * ENTRY_BYTES);
    private int loaded = -1;

    Window(int first, int count) {
      this.first = first;
      this.count = count;
    }

    @Override
    public int count() {
      return count;
    }

    @Override
    public int at(int index) throws IOException {
      int start = index - index % WINDOW_ENTRIES;
      if (start != loaded) {
        loaded = -1;
        entries.clear().limit(Math.min(WINDOW_ENTRIES, count - start) * ENTRY_BYTES);
        read(first + start, entries);
        loaded = start;
      }
      return entries.getInt((index - start) * ENTRY_BYTES + Long.BYTES);
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
