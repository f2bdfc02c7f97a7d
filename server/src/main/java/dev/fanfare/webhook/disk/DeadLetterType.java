package dev.fanfare.webhook.disk;

import dev.fanfare.webhook.outbox.Outbox;
import java.nio.ByteBuffer;
import org.h2.mvstore.DataUtils;
import org.h2.mvstore.WriteBuffer;

/// The file format of a dead letter: the fields of its draft as in [EntryType], then its id and the
/// other fields.
final class DeadLetterType extends CheckedType<Outbox.DeadLetter> {

  private static final Outbox.DeadLetter UNREADABLE =
      new Outbox.DeadLetter(EntryType.UNREADABLE, 0, 0, "");

  @Override
  public int getMemory(Outbox.DeadLetter letter) {
    return letter.bytes();
  }

  @Override
  void writeFields(WriteBuffer out, Outbox.DeadLetter letter) {
    EntryType.writeDraft(out, letter.entry().draft());
    out.putVarLong(letter.entry().id());
    out.putVarLong(letter.diedMs());
    out.putVarInt(letter.attempts());
    text(out, letter.reason());
  }

  @Override
  Outbox.DeadLetter readFields(ByteBuffer in) {
    Outbox.Draft draft = EntryType.readDraft(in);
    return new Outbox.DeadLetter(
        new Outbox.Entry(DataUtils.readVarLong(in), draft),
        DataUtils.readVarLong(in),
        DataUtils.readVarInt(in),
        DataUtils.readString(in));
  }

  @Override
  Outbox.DeadLetter readOldFields(ByteBuffer in) {
    return readFields(in);
  }

  @Override
  Outbox.DeadLetter unreadable() {
    return UNREADABLE;
  }

  @Override
  public Outbox.DeadLetter[] createStorage(int size) {
    return new Outbox.DeadLetter[size];
  }
}
