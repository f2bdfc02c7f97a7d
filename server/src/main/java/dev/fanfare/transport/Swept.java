package dev.fanfare.transport;

/// Something that is checked at the times that it names itself. Confined to one lane. Its place in
/// [Heartbeat] is part of it, so that moving it allocates nothing.
public abstract class Swept {

  /// For [Heartbeat#tick]: of one that is not a member.
  static final int NO_MEMBER = -1;

  // Owned by Heartbeat. A ring, so that there is always a neighbour.
  Swept previous = this;
  Swept next = this;
  int tick = NO_MEMBER;

  /// Checks what is due. May be called too early, when nothing is.
  ///
  /// @return nanoseconds after which to call it again; if 0 or less, with the next sweep
  public abstract long onDue(long nowNs);

  /// False if it is no socket, and is not counted as one.
  public boolean isSocket() {
    return true;
  }

  final void unlink() {
    previous.next = next;
    next.previous = previous;
    previous = this;
    next = this;
  }

  /// Puts this one, which is in no ring, at the end of the ring that `head` begins.
  final void linkTo(Swept head) {
    previous = head.previous;
    next = head;
    previous.next = this;
    head.previous = this;
  }
}
