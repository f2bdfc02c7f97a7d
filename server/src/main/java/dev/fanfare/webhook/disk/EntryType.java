package dev.fanfare.webhook.disk;

import dev.fanfare.webhook.outbox.Outbox;
import java.nio.ByteBuffer;
import org.h2.mvstore.DataUtils;
import org.h2.mvstore.WriteBuffer;

/// The file format of an entry: its id, then the fields of its draft in order. Older versions wrote
/// no id.
final class EntryType extends CheckedType<Outbox.Entry> {

  /// The id of an entry that has none in the file.
  static final long NO_ID = -1;

  /// Takes the place of an entry whose checksum is wrong; no entry has this id.
  static final Outbox.Entry UNREADABLE =
      new Outbox.Entry(Long.MIN_VALUE, new Outbox.Draft("", "", "", 0, ""));

  @Override
  public int getMemory(Outbox.Entry entry) {
    return entry.draft().bytes();
  }

  @Override
  void writeFields(WriteBuffer out, Outbox.Entry entry) {
    out.putVarLong(entry.id());
    writeDraft(out, entry.draft());
  }

  @Override
  Outbox.Entry readFields(ByteBuffer in) {
    return new Outbox.Entry(DataUtils.readVarLong(in), readDraft(in));
  }

  @Override
  Outbox.Entry readOldFields(ByteBuffer in) {
    return new Outbox.Entry(NO_ID, readDraft(in));
  }

  @Override
  Outbox.Entry unreadable() {
    return UNREADABLE;
  }

  static void writeDraft(WriteBuffer out, Outbox.Draft draft) {
    text(out, draft.appId());
    text(out, draft.endpoint());
    text(out, draft.channel());
    out.putVarLong(draft.createdMs());
    text(out, draft.event());
  }

  static Outbox.Draft readDraft(ByteBuffer in) {
    return new Outbox.Draft(
        DataUtils.readString(in),
        DataUtils.readString(in),
        DataUtils.readString(in),
        DataUtils.readVarLong(in),
        DataUtils.readString(in));
  }

  @Override
  public Outbox.Entry[] createStorage(int size) {
    return new Outbox.Entry[size];
  }
}
