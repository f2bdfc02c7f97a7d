package dev.fanfare.history;

import dev.fanfare.protocol.Json;
import dev.fanfare.protocol.MalformedJson;
import dev.fanfare.protocol.Publication;
import dev.fanfare.protocol.PublicationBuilder;
import dev.fanfare.protocol.ServerMessage;
import java.util.concurrent.TimeUnit;

/// An event that a channel keeps under a rule. Immutable.
///
/// @param sequence of the channel when the event was kept, by which a subscription knows whether it
///   has got it
/// @param keptAtNs on the server's monotonic clock
/// @param showsId subscribers receive the id
/// @param idInData the member of `data` in which they receive it too; empty for none
public record StoredEvent(
    EventId id,
    Publication publication,
    long sequence,
    long keptAtNs,
    boolean showsId,
    String idInData) {

  /// Heap that an event takes besides its text: this record, its id, the publication, and the
  /// headers of its strings.
  private static final int OVERHEAD_BYTES = 256;

  /// True if its publisher wanted it to be kept for a shorter time than the rule says, which is
  /// over.
  public boolean isOver(long nowNs) {
    int seconds = publication.keepSeconds();
    return seconds > 0 && nowNs - keptAtNs >= TimeUnit.SECONDS.toNanos(seconds);
  }

  /// What subscribers receive, live and later.
  public ServerMessage.Event message() {
    return new ServerMessage.Event(
        publication.channel().value(),
        publication.event(),
        idInData.isEmpty() || publication.channel().isEncrypted() ? publication.data() : data(),
        publication.userId(),
        showsId ? id.toString() : null);
  }

  /// The data with the id as its first member, if it is an object.
  private String data() {
    String data = publication.data();
    boolean[] hasMembers = new boolean[1];
    try {
      Json.readObject(data, (_, _) -> hasMembers[0] = true);
    } catch (MalformedJson e) {
      return data;
    }
    String rest = data.substring(data.indexOf('{') + 1);
    return "{\"" + idInData + "\":\"" + id + (hasMembers[0] ? "\"," : "\"") + rest;
  }

  /// The same of another user.
  public StoredEvent ofUser(String userId) {
    Publication changed = PublicationBuilder.builder(publication).userId(userId).build();
    return new StoredEvent(id, changed, sequence, keptAtNs, showsId, idInData);
  }

  /// Heap that it takes, about.
  public int bytes() {
    return OVERHEAD_BYTES + textBytes(publication.event()) + textBytes(publication.data());
  }

  private static int textBytes(String text) {
    return (int) CacheBudget.bytes(text);
  }
}
