package dev.fanfare.history.shared;

import dev.fanfare.history.EventId;
import dev.fanfare.history.PresenceEvents;
import dev.fanfare.protocol.ChannelName;
import dev.fanfare.protocol.Publication;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.LongFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Which users of a presence channel are connected to which nodes, as the engine has it, and the
/// joins and leaves that follow from the last change and are perhaps not in the log yet. Confined
/// to one call.
final class Attendance {

  /// Joins and leaves that one change decides, so that a value is not much longer than its users;
  /// what is left is decided by the next one.
  static final int MAX_ROWS = 500;

  /// The cause of a user whose last node was lost.
  static final String NODE_LOST = "node_lost";

  /// The cause of a user who has left while nothing could be written.
  static final String CLOSED = "closed";

  private static final byte VERSION = 1;

  /// The first connection of a user to a node has joined, or the last one has left.
  ///
  /// @param cause as the HTTP API names it; null if the user has joined
  record Step(String userId, @Nullable String cause) {}

  /// What a node knows of itself.
  ///
  /// @param node the process
  /// @param steps in their order
  /// @param truth after the steps, exactly these users are connected to it; null for those that
  ///   follow from them
  record Change(long node, List<Step> steps, @Nullable SortedSet<String> truth) {}

  /// What there is to know about another node.
  enum Verdict {
    ALIVE,
    /// It may come back, or is not known yet.
    AWAITED,
    LOST
  }

  /// A join or a leave for the log.
  ///
  /// @param ticket no other row has it
  /// @param cause null if the user has joined
  record Row(EventId ticket, String userId, @Nullable String cause) {

    /// @param name of the user in the log
    Publication event(ChannelName channel, String name) {
      return cause == null
          ? PresenceEvents.joined(channel, name)
          : PresenceEvents.left(channel, name, cause);
    }
  }

  private final SortedMap<String, SortedSet<Long>> users = new TreeMap<>();
  private final List<Row> rows = new ArrayList<>();
  private boolean isChanged;
  private boolean isAwaiting;

  /// No user is there.
  Attendance() {}

  /// @param bytes as [#encode] made them; empty for no users
  static Attendance decode(byte[] bytes) {
    Attendance attendance = new Attendance();
    if (bytes.length == 0) {
      return attendance;
    }
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
      if (in.readByte() != VERSION) {
        throw new StreamsUnavailable("who is there was written by another version of Fanfare");
      }
      attendance.read(in);
      return attendance;
    } catch (IOException e) {
      throw new StreamsUnavailable("who is there cannot be read: " + e.getMessage());
    }
  }

  private void read(DataInputStream in) throws IOException {
    for (int left = in.readInt(); left > 0; left--) {
      EventId ticket = new EventId(in.readLong(), in.readLong());
      String userId = in.readUTF();
      rows.add(new Row(ticket, userId, in.readBoolean() ? in.readUTF() : null));
    }
    for (int left = in.readInt(); left > 0; left--) {
      SortedSet<Long> nodes = new TreeSet<>();
      users.put(in.readUTF(), nodes);
      for (int more = in.readInt(); more > 0; more--) {
        nodes.add(in.readLong());
      }
    }
  }

  /// Empty if no user is there and nothing waits.
  byte[] encode() {
    if (users.isEmpty() && rows.isEmpty()) {
      return new byte[0];
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeByte(VERSION);
      out.writeInt(rows.size());
      for (Row row : rows) {
        out.writeLong(row.ticket.ms());
        out.writeLong(row.ticket.number());
        out.writeUTF(row.userId);
        out.writeBoolean(row.cause != null);
        if (row.cause != null) {
          out.writeUTF(row.cause);
        }
      }
      out.writeInt(users.size());
      for (Map.Entry<String, SortedSet<Long>> user : users.entrySet()) {
        out.writeUTF(user.getKey());
        out.writeInt(user.getValue().size());
        for (long node : user.getValue()) {
          out.writeLong(node);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e); // memory does not fail
    }
    return bytes.toByteArray();
  }

  /// Joins and leaves that are perhaps not in the log yet, the oldest first.
  List<Row> rows() {
    return List.copyOf(rows);
  }

  /// All of them are.
  void settle() {
    rows.clear();
  }

  /// True if [#apply] has changed anything, or was given the truth: a node that takes the node for
  /// lost may be about to write.
  boolean mustWrite() {
    return isChanged;
  }

  /// True if [#apply] has found a node that may be lost.
  boolean isAwaiting() {
    return isAwaiting;
  }

  /// Removes lost nodes, and takes what a node knows of itself.
  ///
  /// @param verdicts on other nodes
  /// @return what is left to do, because one change does not decide so much; null if nothing is
  @Nullable Change apply(Change change, LongFunction<Verdict> verdicts, Supplier<EventId> tickets) {
    for (String userId : List.copyOf(users.keySet())) {
      for (long node : List.copyOf(nodes(userId))) {
        Verdict verdict = node == change.node ? Verdict.ALIVE : verdicts.apply(node);
        isAwaiting |= verdict == Verdict.AWAITED;
        if (verdict == Verdict.LOST) {
          leave(node, userId, NODE_LOST, tickets);
        }
      }
      if (rows.size() >= MAX_ROWS) {
        return change;
      }
    }
    for (Step step : change.steps) {
      if (step.cause == null) {
        enter(change.node, step.userId, tickets);
      } else {
        leave(change.node, step.userId, step.cause, tickets);
      }
    }
    isChanged |= change.truth != null && !change.truth.isEmpty();
    return change.truth == null || correct(change.node, change.truth, tickets)
        ? null
        : new Change(change.node, List.of(), change.truth);
  }

  /// @return false if there are too many rows
  private boolean correct(long node, SortedSet<String> truth, Supplier<EventId> tickets) {
    for (String userId : List.copyOf(users.keySet())) {
      if (!truth.contains(userId)) {
        leave(node, userId, CLOSED, tickets);
      }
      if (rows.size() >= MAX_ROWS) {
        return false;
      }
    }
    for (String userId : truth) {
      enter(node, userId, tickets);
      if (rows.size() >= MAX_ROWS) {
        return false;
      }
    }
    return true;
  }

  private SortedSet<Long> nodes(String userId) {
    return users.getOrDefault(userId, new TreeSet<>());
  }

  private void enter(long node, String userId, Supplier<EventId> tickets) {
    SortedSet<Long> nodes = users.computeIfAbsent(userId, _ -> new TreeSet<>());
    if (nodes.isEmpty()) {
      rows.add(new Row(tickets.get(), userId, null));
    }
    isChanged |= nodes.add(node);
  }

  private void leave(long node, String userId, String cause, Supplier<EventId> tickets) {
    SortedSet<Long> nodes = nodes(userId);
    if (!nodes.remove(node)) {
      return;
    }
    isChanged = true;
    if (nodes.isEmpty()) {
      users.remove(userId);
      rows.add(new Row(tickets.get(), userId, cause));
    }
  }
}
