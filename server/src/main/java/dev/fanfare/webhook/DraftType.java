package dev.fanfare.webhook;

import java.nio.ByteBuffer;
import org.h2.mvstore.DataUtils;
import org.h2.mvstore.WriteBuffer;
import org.h2.mvstore.type.BasicDataType;

/// How a draft lies in a file: a byte that tells the form, then its fields in order. Texts are kept
/// char by char, so that half a surrogate pair survives.
final class DraftType extends BasicDataType<Outbox.Draft> {

  /// The form that this version writes, the only one so far.
  private static final byte FORM = 1;

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
    out.put(FORM);
    text(out, draft.appId());
    text(out, draft.endpoint());
    text(out, draft.channel());
    out.putVarLong(draft.createdMs());
    text(out, draft.event());
  }

  @Override
  public Outbox.Draft read(ByteBuffer in) {
    byte form = in.get();
    if (form != FORM) {
      throw DataUtils.newMVStoreException(
          DataUtils.ERROR_UNSUPPORTED_FORMAT, "an entry has the unknown form {0}", form);
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
