package dev.fanfare.webhook.disk;

import java.nio.ByteBuffer;
import java.util.zip.CRC32;
import org.h2.mvstore.WriteBuffer;
import org.h2.mvstore.type.BasicDataType;

/// The file format of a record: a byte with the version of the format, the length and the CRC-32 of
/// what follows, then the fields. The store has no checksum of what its pages contain. Strings are
/// stored as UTF-16 code units, so that unpaired surrogates survive.
///
/// @param <T> the record
abstract class CheckedType<T> extends BasicDataType<T> {

  /// Fields without length and checksum, as older versions wrote them.
  private static final byte UNCHECKED = 1;

  private static final byte CHECKED = 2;

  private static final int NUMBER_BYTES = Integer.BYTES;

  /// Writes the fields.
  abstract void writeFields(WriteBuffer out, T record);

  /// Reads the fields.
  abstract T readFields(ByteBuffer in);

  /// Reads the fields as older versions wrote them.
  abstract T readOldFields(ByteBuffer in);

  /// Takes the place of a record whose checksum is wrong, so that its neighbours can be read.
  abstract T unreadable();

  @Override
  public final void write(WriteBuffer out, T record) {
    out.put(CHECKED);
    int start = out.position();
    out.putInt(0).putInt(0);
    writeFields(out, record);
    int length = out.position() - start - 2 * NUMBER_BYTES;
    out.putInt(start, length);
    out.putInt(start + NUMBER_BYTES, crc(out.getBuffer(), start + 2 * NUMBER_BYTES, length));
  }

  @Override
  public final T read(ByteBuffer in) {
    byte format = in.get();
    if (format == UNCHECKED) {
      return readOldFields(in);
    }
    if (format != CHECKED) {
      throw DataFolder.damaged("a record has the unknown format " + format);
    }
    int length = in.getInt();
    int crc = in.getInt();
    int start = in.position();
    if (length < 0 || length > in.remaining()) {
      throw DataFolder.damaged("a record has " + length + " bytes");
    }
    in.position(start + length);
    if (crc != crc(in, start, length)) {
      return unreadable();
    }
    return readFields(in.duplicate().position(start).limit(start + length));
  }

  private static int crc(ByteBuffer bytes, int start, int length) {
    CRC32 crc = new CRC32();
    crc.update(bytes.duplicate().clear().position(start).limit(start + length));
    return (int) crc.getValue();
  }

  static void text(WriteBuffer out, String text) {
    out.putVarInt(text.length()).putStringData(text, text.length());
  }
}
