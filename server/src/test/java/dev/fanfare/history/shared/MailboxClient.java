package dev.fanfare.history.shared;

import dev.fanfare.history.Archive;
import dev.fanfare.history.Departed;
import dev.fanfare.history.EventId;
import dev.fanfare.history.EventLog;
import dev.fanfare.history.Gap;
import dev.fanfare.history.Identity;
import dev.fanfare.history.Reader;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// A subscription to a mailbox on one node, whose client reads everything that it is given.
final class MailboxClient {

  final SharedNode node;
  final Identity identity;
  final Archive.Decision decision;

  /// What it was given, with the ids of all events.
  final List<String> given = new ArrayList<>();

  private final Map<String, EventId> ids;
  private final Reader reader;
  private int delivered;

  /// Subscribes.
  ///
  /// @param ids of events, by their data
  MailboxClient(SharedNode node, Identity identity, String socketId, Map<String, EventId> ids) {
    this.node = node;
    this.identity = identity;
    this.ids = ids;
    Departed departed = node.store.departed();
    Departed.Claim claim = departed.claim("1", "feed-7", identity, 0);
    EventId confirmed = claim == null ? EventId.NONE : claim.after();
    reader = departed.begin("1", "feed-7", identity, socketId, claim, confirmed);
    reader.follow(new SharedReader(node.store, node.log, identity, socketId, reader, true));
    Archive.Question question = new Archive.Question(null, identity, claim, socketId, 0);
    decision = node.decide(question);
    reader.beginAt(decision.confirmed());
    given.addAll(node.given(decision));
    delivered = node.delivered.size();
  }

  /// True if the engine was away when it came.
  boolean isAstray() {
    return decision.after() == EventLog.END && SharedNode.reason(decision) == Gap.Reason.LOST;
  }

  /// Reads what has been delivered since.
  MailboxClient read() {
    given.addAll(node.delivered.subList(delivered, node.delivered.size()));
    delivered = node.delivered.size();
    return this;
  }

  /// Confirms everything that it has read.
  void confirm() {
    if (!given.isEmpty()) {
      confirm(ids.getOrDefault(given.getLast(), EventId.NONE));
    }
  }

  void confirm(EventId id) {
    boolean _ = reader.confirm(id, false);
  }

  /// Loses its connection, and can resume for two minutes.
  void depart() {
    var _ = reader.depart(null, 120_000_000_000L, 0);
  }
}
