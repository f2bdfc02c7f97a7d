package dev.fanfare.webhook;

import java.nio.ByteBuffer;
import org.h2.mvstore.DataUtils;
import org.h2.mvstore.WriteBuffer;
import org.h2.mvstore.type.BasicDataType;

/// The file format of a dead letter: its draft as in [DraftType], then the other fields.
final class DeadLetterType extends BasicDataType<Outbox.DeadLetter> {

  private static final int OBJECT_BYTES = 80;

  private final DraftType drafts = new DraftType();

  @Override
  public int getMemory(Outbox.DeadLetter letter) {
    return OBJECT_BYTES + drafts.getMemory(letter.entry().draft()) + letter.reason().length();
  }

  @Override
  public void write(WriteBuffer out, Outbox.DeadLetter letter) {
    drafts.write(out, letter.entry().draft());
    out.putVarLong(letter.entry().id());
    out.putVarLong(letter.diedMs());
    out.putVarInt(letter.attempts());
    DraftType.text(out, letter.reason());
  }

  @Override
  public Outbox.DeadLetter read(ByteBuffer in) {
    Outbox.Draft draft = drafts.read(in);
    return new Outbox.DeadLetter(
        new Outbox.Entry(DataUtils.readVarLong(in), draft),
        DataUtils.readVarLong(in),
        DataUtils.readVarInt(in),
        DataUtils.readString(in));
  }

  @Override
  public Outbox.DeadLetter[] createStorage(int size) {
    return new Outbox.DeadLetter[size];
  }
}
