package dev.fanfare.http.once;

import dev.fanfare.http.once.IdempotencyKeys.Claim;
import dev.fanfare.protocol.HttpApi.EventRequest;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/// A batch in which events have separate keys: those that were published before are left out.
/// Immutable.
public final class KeyedBatch {

  private static final int NONE = -1;

  private final List<KeyUse> uses = new ArrayList<>();

  /// By event, the index of its key.
  private final int[] keys;

  private KeyedBatch(List<EventRequest> batch) {
    this.keys = new int[batch.size()];
    for (int i = 0; i < keys.length; i++) {
      EventRequest event = batch.get(i);
      String key = event.idempotencyKey();
      keys[i] = key == null ? NONE : uses.size();
      if (key != null) {
        uses.add(new KeyUse(key, Fingerprint.ofBatched(event)));
      }
    }
  }

  /// Null if no event has a key.
  public static @Nullable KeyedBatch of(List<EventRequest> batch) {
    for (int i = 0; i < batch.size(); i++) {
      if (batch.get(i).idempotencyKey() != null) {
        return new KeyedBatch(batch);
      }
    }
    return null;
  }

  /// The keys to claim.
  public List<KeyUse> uses() {
    return uses;
  }

  /// True if two events have the same key.
  public boolean hasDuplicates() {
    return uses.stream().map(KeyUse::key).distinct().count() < uses.size();
  }

  /// The indexes of the events to publish, ascending.
  public List<Integer> fresh(Claim.Granted claim) {
    List<Integer> fresh = new ArrayList<>();
    for (int i = 0; i < keys.length; i++) {
      if (known(claim, i) == null) {
        fresh.add(i);
      }
    }
    return fresh;
  }

  /// What was answered before for an event.
  private byte @Nullable [] known(Claim.Granted claim, int event) {
    return keys[event] == NONE ? null : claim.answer(keys[event]);
  }

  /// Remembers the answers, and returns those of all events as JSON.
  ///
  /// @param published the answers of the events that were published, in their order
  public byte[] settle(Claim.Granted claim, List<byte[]> published) {
    Iterator<byte[]> next = published.iterator();
    List<byte @Nullable []> remembered = new ArrayList<>(uses.size());
    StringJoiner json = new StringJoiner(",", "{\"batch\":[", "]}");
    for (int i = 0; i < keys.length; i++) {
      byte[] known = known(claim, i);
      byte[] answer = known == null ? next.next() : known;
      json.add(new String(answer, StandardCharsets.UTF_8));
      if (keys[i] != NONE) {
        remembered.add(answer);
      }
    }
    claim.settle(remembered);
    return json.toString().getBytes(StandardCharsets.UTF_8);
  }
}
