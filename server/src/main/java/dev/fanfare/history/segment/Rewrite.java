package dev.fanfare.history.segment;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Copies a segment without what was purged, a few records at a time, and then replaces its files:
/// first the index, which does not fit to the old records, so that these are scanned if the process
/// dies in between, then the records. Confined to the thread that writes.
final class Rewrite {

  private static final int CHUNK_BYTES = 1 << 18;

  private final Segment segment;
  private final Map<String, SegmentRecord.Purge> purges;
  private final int[] offsets;
  private final Path fresh;
  private final SegmentFile file;
  private final OpenIndex index = new OpenIndex();
  private final RecordBuffer buffer = new RecordBuffer();
  private int next;

  /// @param purges by channel, or by what they are of
  Rewrite(Segment segment, Map<String, SegmentRecord.Purge> purges) throws IOException {
    this.segment = segment;
    this.purges = purges;
    this.offsets = segment.allOffsets();
    this.fresh = segment.path().resolveSibling(segment.path().getFileName() + Segment.NEW_SUFFIX);
    this.file = SegmentFile.create(fresh, segment.createdMs());
  }

  Segment segment() {
    return segment;
  }

  /// Copies more records; true when that was all.
  boolean copy(long bytes) throws IOException {
    long through = file.end() + bytes;
    long chunk = Math.min(CHUNK_BYTES, bytes);
    while (next < offsets.length && file.end() < through) {
      buffer.clear();
      while (next < offsets.length && buffer.size() < chunk) {
        copy(segment.read(offsets[next]));
        next++;
      }
      file.append(buffer.written(0));
    }
    return next == offsets.length;
  }

  private void copy(@Nullable SegmentRecord found) {
    if (found == null) {
      return; // it is damaged
    }
    String user = found instanceof SegmentRecord.Event event ? event.user() : null;
    if (!isPurged(found.channel(), found) && (user == null || !isPurged(user, found))) {
      index.add(found, (int) file.end() + buffer.size());
      RecordCodec.encode(found, buffer);
    }
  }

  private boolean isPurged(String name, SegmentRecord found) {
    SegmentRecord.Purge purge = purges.get(name);
    return purge != null && purge.covers(found);
  }

  /// Replaces the files, and opens the new ones.
  Segment finish() throws IOException {
    Path path = segment.path();
    file.sync();
    SealedIndex.write(Segment.index(path), index, segment.totals(), file.end()).close();
    file.close();
    Files.move(fresh, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    Files.deleteIfExists(SegmentFile.aside(path));
    Segment opened = Segment.open(path);
    if (opened == null) {
      throw new IOException(path + " was rewritten and has no valid header");
    }
    return opened;
  }

  /// Leaves everything as it was.
  void discard() throws IOException {
    file.close();
    Files.deleteIfExists(fresh);
  }
}
