package dev.fanfare.history;

import dev.fanfare.protocol.Parsed;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// What a purge of one channel has dropped. Readers do not get it any more.
///
/// @param through everything up to this event is gone
/// @param oldest of the events that were in memory; null if none was
/// @param inMemory events that were dropped from memory
/// @param bytes that these took
/// @param elsewhere returns how many others were dropped, once no crash can bring back any of them;
///   fails, without a full stop, if that cannot be made sure at present. May block.
public record Purge(
    EventId through,
    @Nullable EventId oldest,
    int inMemory,
    long bytes,
    Supplier<Parsed<Integer>> elsewhere) {

  /// Everything was in memory.
  static final Supplier<Parsed<Integer>> NOTHING = () -> new Parsed.Ok<>(0);

  /// There was nothing to purge.
  public static final Purge EMPTY = new Purge(EventId.NONE, null, 0, 0, NOTHING);

  /// Everything was in memory.
  public static Purge inMemory(EventId through, int events) {
    return new Purge(through, null, events, 0, NOTHING);
  }

  /// That of a store that cannot purge.
  static final Purge IMPOSSIBLE =
      new Purge(
          EventId.NONE,
          null,
          0,
          0,
          () -> new Parsed.Bad<>("the store of the channel's rule cannot purge"));

  /// How many events were dropped, once no crash can bring back any of them; fails, without a full
  /// stop, if that cannot be made sure at present. May block.
  public Parsed<Integer> await() {
    return switch (elsewhere.get()) {
      case Parsed.Bad<Integer> bad -> bad;
      case Parsed.Ok<Integer>(Integer more) -> new Parsed.Ok<>(inMemory + more);
    };
  }
}
