package dev.fanfare.webhook.outbox;

import dev.fanfare.webhook.outbox.Outbox.DeadLetter;
import dev.fanfare.webhook.outbox.Outbox.Entry;
import java.util.List;
import java.util.Map;

/// One change of an outbox, which happens completely or not at all. Applying it twice has no
/// effect.
///
/// @param accepted entries that are pending from now on
/// @param settled entries that are not pending any more
/// @param attempts failed attempts of pending entries, by id
/// @param died new dead letters
/// @param forgotten dead letters that are removed
/// @param reported channels and users that are reported as present or absent
public record OutboxChange(
    List<Entry> accepted,
    List<Entry> settled,
    Map<Long, Integer> attempts,
    List<DeadLetter> died,
    List<DeadLetter> forgotten,
    List<Presence> reported) {

  public static OutboxChange accepted(List<Entry> entries) {
    return new OutboxChange(entries, List.of(), Map.of(), List.of(), List.of(), List.of());
  }

  public static OutboxChange accepted(List<Entry> entries, List<Presence> reported) {
    return new OutboxChange(entries, List.of(), Map.of(), List.of(), List.of(), reported);
  }

  public static OutboxChange reported(List<Presence> reported) {
    return accepted(List.of(), reported);
  }

  public static OutboxChange settled(List<Entry> entries) {
    return new OutboxChange(List.of(), entries, Map.of(), List.of(), List.of(), List.of());
  }

  public static OutboxChange attempted(Map<Long, Integer> attempts) {
    return new OutboxChange(List.of(), List.of(), attempts, List.of(), List.of(), List.of());
  }

  public static OutboxChange died(List<Entry> entries, List<DeadLetter> letters) {
    return new OutboxChange(List.of(), entries, Map.of(), letters, List.of(), List.of());
  }

  public static OutboxChange forgotten(List<DeadLetter> letters) {
    return new OutboxChange(List.of(), List.of(), Map.of(), List.of(), letters, List.of());
  }

  public static OutboxChange replayed(List<DeadLetter> letters, List<Entry> entries) {
    return new OutboxChange(entries, List.of(), Map.of(), List.of(), letters, List.of());
  }

  /// How many records there are more than before.
  public int growth() {
    return accepted.size() - settled.size() + died.size() - forgotten.size();
  }
}
