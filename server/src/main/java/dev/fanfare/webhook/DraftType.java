package dev.fanfare.webhook;

import java.nio.ByteBuffer;
import org.h2.mvstore.DataUtils;
import org.h2.mvstore.WriteBuffer;
import org.h2.mvstore.type.BasicDataType;

/// The file format of a draft: a byte with the version of the format, then the fields in order.
/// Strings are stored as UTF-16 code units, so that unpaired surrogates survive.
final class DraftType extends BasicDataType<Outbox.Draft> {

  /// The only version so far.
  private static final byte FORMAT = 1;

  private static final int OBJECT_BYTES = 160;

  @Override
  public int getMemory(Outbox.Draft draft) {
    int chars =
        draft.appId().length()
            + draft.endpoint().length()
            + draft.channel().length()
            + draft.event().length();
    return OBJECT_BYTES + chars;
  }

  @Override
  public void write(WriteBuffer out, Outbox.Draft draft) {
    out.put(FORMAT);
    text(out, draft.appId());
    text(out, draft.endpoint());
    text(out, draft.channel());
    out.putVarLong(draft.createdMs());
    text(out, draft.event());
  }

  @Override
  public Outbox.Draft read(ByteBuffer in) {
    byte format = in.get();
    if (format != FORMAT) {
      throw DataUtils.newMVStoreException(
          DataUtils.ERROR_UNSUPPORTED_FORMAT, "an entry has the unknown format {0}", format);
    }
    return new Outbox.Draft(
        DataUtils.readString(in),
        DataUtils.readString(in),
        DataUtils.readString(in),
        DataUtils.readVarLong(in),
        DataUtils.readString(in));
  }

  static void text(WriteBuffer out, String text) {
    out.putVarInt(text.length()).putStringData(text, text.length());
  }

  @Override
  public Outbox.Draft[] createStorage(int size) {
    return new Outbox.Draft[size];
  }
}
