package dev.fanfare.transport.memory;

import dev.fanfare.budget.Share;
import io.netty.channel.Channel;
import java.util.IdentityHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/// How much of the share for requests each socket of one lane holds, and which one holds most: that
/// one is cut first when the share is used up. Confined to the lane, except for [#largest] and
/// [#shedSoon].
///
/// Only sockets with something incomplete are members, so a request that arrives in one piece costs
/// nothing here.
public final class Holdings implements Relief.Holders {

  /// What a socket holds memory for.
  public enum Part {
    /// An incomplete TLS record.
    TLS(0),
    /// An incomplete head, or bytes that do not make up a chunk yet.
    HEAD(1),
    /// An incomplete frame.
    FRAME(2),
    /// The part of a body or a message that has arrived.
    BODY(3);

    private final int index;

    Part(int index) {
      this.index = index;
    }
  }

  private static final int PARTS = Part.values().length;

  private static final class Holding extends Ranking.Member {
    final Channel socket;
    final long[] parts = new long[PARTS];

    Holding(Channel socket) {
      this.socket = socket;
    }
  }

  private final Share share;
  private final Relief relief;
  private final Executor lane;
  private final IdentityHashMap<Channel, Holding> members = new IdentityHashMap<>();
  private final Ranking<Holding> ranking = new Ranking<>();
  private final AtomicLong threshold = new AtomicLong(Relief.IF_TIGHT);
  private final AtomicBoolean isShedding = new AtomicBoolean();

  /// @param lane runs tasks on the owning thread
  public Holdings(Share share, Relief relief, Executor lane) {
    this.share = share;
    this.relief = relief;
    this.lane = lane;
    relief.add(this);
  }

  @Override
  public long largest() {
    return ranking.largest();
  }

  /// Sets what a socket holds for one part; called before that is allocated, where this is
  /// possible. Sockets that hold more are cut if there is no room. A closed socket holds nothing.
  ///
  /// @return false if this socket may not hold that much; it should be cut
  public boolean hold(Channel socket, Part part, long bytes) {
    Holding holding = members.get(socket);
    if (holding == null) {
      if (bytes == 0 || !socket.isOpen()) {
        return true;
      }
      holding = add(socket);
    }
    long more = bytes - holding.parts[part.index];
    if (more > 0 && !reserve(more, holding)) {
      return false;
    }
    if (more < 0) {
      share.release(-more);
    }
    holding.parts[part.index] = bytes;
    ranking.set(holding, holding.bytes() + more);
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
    long bytes = holding.bytes();
    ranking.set(holding, 0);
    share.release(bytes);
  }

  private boolean reserve(long bytes, Holding asker) {
    while (!share.reserve(bytes)) {
      Holding most = ranking.most();
      if (most == null || most.bytes() <= asker.bytes()) {
        relief.askFor(asker.bytes()); // another lane may have one that holds more
        return false;
      }
      cut(most);
    }
    return true;
  }

  @Override
  public void shedSoon(long above) {
    threshold.accumulateAndGet(above, Math::min);
    if (isShedding.compareAndSet(false, true)) {
      lane.execute(this::shed);
    }
  }

  private void shed() {
    isShedding.set(false);
    Holding most = ranking.most();
    if (most != null && most.bytes() > threshold.getAndSet(Relief.IF_TIGHT)) {
      cut(most);
    }
    while (share.isTight()) {
      most = ranking.most();
      if (most == null || most.bytes() * 2 < relief.largest()) {
        relief.askOthers(this); // the others have more
        return;
      }
      cut(most);
    }
  }

  private void cut(Holding most) {
    String reason = "this connection held the most, " + most.bytes() + " bytes";
    Cut.now(most.socket, usedUp(reason));
    if (most.bytes() > 0) {
      var _ = most.socket.close(); // what it still holds is freed without delay only so
      if (most.bytes() > 0) {
        remove(most);
      }
    }
  }

  /// The text of a refusal, whose beginning fits into a close frame.
  ///
  /// @param reason why this connection
  public String usedUp(String reason) {
    return "No memory left for incomplete messages: " + share.state() + "; " + reason;
  }
}
