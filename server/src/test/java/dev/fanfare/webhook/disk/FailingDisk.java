package dev.fanfare.webhook.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import org.h2.store.fs.FileBaseDefault;
import org.h2.store.fs.FilePath;
import org.h2.store.fs.FilePathWrapper;

/// A file system on which writes fail while a test says so. A failing write has written its first
/// half, as on a disk that fills up.
public final class FailingDisk extends FilePathWrapper implements AutoCloseable {

  static final String SCHEME = "failing:";

  // The library creates instances by reflection, so they cannot share a field.
  private static final String FULL = "fanfare.test.disk.full";

  /// Registers the file system.
  static FailingDisk open() {
    FailingDisk disk = new FailingDisk();
    FilePath.register(disk);
    return disk;
  }

  /// From now on writes fail.
  void fill() {
    System.setProperty(FULL, "true");
  }

  /// From now on writes succeed again.
  void clear() {
    System.clearProperty(FULL);
  }

  private static boolean isFull() {
    return Boolean.getBoolean(FULL);
  }

  @Override
  public String getScheme() {
    return "failing";
  }

  @Override
  public FileChannel open(String mode) throws IOException {
    return new Channel(super.open(mode));
  }

  @Override
  public void close() {
    clear();
    FilePath.unregister(this);
  }

  private static final class Channel extends FileBaseDefault {

    private final FileChannel real;

    Channel(FileChannel real) {
      this.real = real;
    }

    @Override
    public synchronized int write(ByteBuffer bytes, long position) throws IOException {
      if (!isFull()) {
        return real.write(bytes, position);
      }
      ByteBuffer half = bytes.duplicate();
      real.write(half.limit(half.position() + half.remaining() / 2), position);
      throw new IOException("No space left on device");
    }

    @Override
    public synchronized int read(ByteBuffer bytes, long position) throws IOException {
      return real.read(bytes, position);
    }

    @Override
    public long size() throws IOException {
      return real.size();
    }

    @Override
    protected void implTruncate(long size) throws IOException {
      real.truncate(size);
    }

    @Override
    public void force(boolean metaData) throws IOException {
      real.force(metaData);
    }

    @Override
    public FileLock tryLock(long position, long size, boolean shared) throws IOException {
      return real.tryLock(position, size, shared);
    }

    @Override
    protected void implCloseChannel() throws IOException {
      real.close();
    }
  }
}
