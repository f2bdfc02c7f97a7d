package dev.fanfare.transport;

import dev.fanfare.budget.Share;
import io.netty.channel.Channel;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/// How much of the share for requests each socket of one lane holds, and which one holds most: that
/// one is cut first when the share is used up. Confined to the lane, except for [#largest] and
/// [#shedSoon].
///
/// Only sockets with something incomplete are members, so a request that arrives in one piece costs
/// nothing here. Members are sorted into one list per power of two of their bytes.
final class Holdings {

  /// What a socket holds memory for.
  enum Part {
    /// An incomplete TLS record.
    TLS,
    /// An incomplete head, or bytes that do not make up a chunk yet.
    HEAD,
    /// An incomplete frame.
    FRAME,
    /// The part of a body or a message that has arrived.
    BODY
  }

  private static final int PARTS = Part.values().length;

  /// Members of the topmost list that are compared. There are few of them if they are large.
  private static final int COMPARED = 256;

  private static final class Holding {
    final Channel socket;
    final long[] parts = new long[PARTS];
    long bytes;

    /// The list it is in, and its index there; -1 for none.
    int list = -1;

    int index;

    Holding(Channel socket) {
      this.socket = socket;
    }
  }

  private final Share share;
  private final Relief relief;
  private final Executor lane;
  private final Map<Channel, Holding> members = new IdentityHashMap<>();
  private final List<List<Holding>> lists = new ArrayList<>(Long.SIZE);

  /// A bit for each list that is not empty.
  private long occupied;

  private volatile long largest;
  private final AtomicBoolean isShedding = new AtomicBoolean();

  /// @param lane runs tasks on the owning thread
  Holdings(Share share, Relief relief, Executor lane) {
    this.share = share;
    this.relief = relief;
    this.lane = lane;
    for (int i = 0; i < Long.SIZE; i++) {
      lists.add(new ArrayList<>(0));
    }
    relief.add(this);
  }

  Share share() {
    return share;
  }

  /// About as much as the member with most holds, and at most twice that. Any thread.
  long largest() {
    return largest;
  }

  /// Members that hold something.
  int size() {
    int size = 0;
    for (List<Holding> list : lists) {
      size += list.size();
    }
    return size;
  }

  /// Sets what a socket holds for one part; called before that is allocated, where this is
  /// possible. Sockets that hold more are cut if there is no room. A closed socket holds nothing.
  ///
  /// @return false if this socket may not hold so much; it should be cut
  boolean hold(Channel socket, Part part, long bytes) {
    Holding holding = members.get(socket);
    if (holding == null) {
      if (bytes == 0 || !socket.isOpen()) {
        return true;
      }
      holding = add(socket);
    }
    long more = bytes - holding.parts[part.ordinal()];
    if (more > 0 && !reserve(more, holding)) {
      return false;
    }
    if (more < 0) {
      share.release(-more);
    }
    holding.parts[part.ordinal()] = bytes;
    holding.bytes += more;
    sort(holding);
    if (more > 0 && share.isTight()) {
      relief.ask();
    }
    return true;
  }

  private Holding add(Channel socket) {
    Holding holding = new Holding(socket);
    members.put(socket, holding);
    socket.closeFuture().addListener(_ -> remove(holding));
    return holding;
  }

  private void remove(Holding holding) {
    members.remove(holding.socket);
    long bytes = holding.bytes;
    holding.bytes = 0;
    sort(holding);
    share.release(bytes);
  }

  private boolean reserve(long bytes, Holding asker) {
    while (!share.reserve(bytes)) {
      Holding most = most();
      if (most == null || most.bytes <= asker.bytes) {
        relief.ask(); // another lane may have one that holds more
        return false;
      }
      cut(most);
    }
    return true;
  }

  /// Makes this lane cut the members that hold most until the share is not tight. Any thread.
  void shedSoon() {
    if (isShedding.compareAndSet(false, true)) {
      lane.execute(this::shed);
    }
  }

  private void shed() {
    isShedding.set(false);
    while (share.isTight()) {
      Holding most = most();
      if (most == null || most.bytes * 2 < relief.largest()) {
        break; // the others have more
      }
      cut(most);
    }
    if (share.isTight()) {
      relief.askOthers(this);
    }
  }

  private void cut(Holding most) {
    String reason = "this connection held the most, " + most.bytes + " bytes";
    Cut.now(most.socket, usedUp(reason));
    if (most.bytes > 0) {
      var _ = most.socket.close(); // what it still holds is freed without delay only so
      if (most.bytes > 0) {
        remove(most);
      }
    }
  }

  /// The text of a refusal, whose beginning fits into a close frame.
  ///
  /// @param reason why this connection
  String usedUp(String reason) {
    return "No memory left for incomplete messages: " + share.state() + "; " + reason;
  }

  private @Nullable Holding most() {
    if (occupied == 0) {
      return null;
    }
    List<Holding> top = lists.get(topList());
    Holding most = top.getLast();
    int compared = Math.min(COMPARED, top.size());
    for (int i = 0; i < compared; i++) {
      Holding other = top.get(i);
      if (other.bytes > most.bytes) {
        most = other;
      }
    }
    return most;
  }

  private int topList() {
    return Long.SIZE - 1 - Long.numberOfLeadingZeros(occupied);
  }

  /// Moves a member to the list of its bytes.
  private void sort(Holding holding) {
    int list = holding.bytes == 0 ? -1 : Long.SIZE - 1 - Long.numberOfLeadingZeros(holding.bytes);
    if (list == holding.list) {
      return;
    }
    if (holding.list >= 0) {
      List<Holding> old = lists.get(holding.list);
      Holding last = old.removeLast();
      if (last != holding) {
        old.set(holding.index, last);
        last.index = holding.index;
      }
      if (old.isEmpty()) {
        occupied &= ~(1L << holding.list);
      }
    }
    holding.list = list;
    if (list >= 0) {
      List<Holding> next = lists.get(list);
      holding.index = next.size();
      next.add(holding);
      occupied |= 1L << list;
    }
    long top = occupied == 0 ? 0 : 2L << topList();
    if (top != largest) {
      largest = top;
    }
  }
}
