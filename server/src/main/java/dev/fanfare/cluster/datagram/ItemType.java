package dev.fanfare.cluster.datagram;

import org.jspecify.annotations.Nullable;

/// The items of a link, by their number on the wire.
public enum ItemType {
  /// A snapshot of all that the sender owns begins.
  BEGIN(1, Role.CONTROL),
  /// What the sender did not name since the last [#BEGIN] does not exist.
  END(2, Role.CONTROL),
  /// The sender shuts down; there are no more items.
  BYE(3, Role.CONTROL),
  /// Events were dropped here.
  LOST(4, Role.CONTROL),
  /// The number of entries of the sender at this place, and a hash of them.
  DIGEST(5, Role.CONTROL),
  INTEREST(16, Role.FACT),
  JOINED(17, Role.FACT),
  LEFT(18, Role.FACT),
  ONLINE(19, Role.FACT),
  OFFLINE(20, Role.FACT),
  CONNECTIONS(21, Role.FACT),
  /// What the sender's webhooks have reported.
  REPORTED(22, Role.FACT),
  EVENT(32, Role.EVENT),
  /// An event of a cache channel, to be delivered and kept.
  KEPT(33, Role.EVENT),
  /// The same, to be kept only.
  CACHED(34, Role.FACT),
  TERMINATE(35, Role.COMMAND),
  /// Webhook events that the sender hands over.
  UNDELIVERED(36, Role.DIRECT),
  /// Which of them the sender has accepted.
  TAKEN_OVER(37, Role.DIRECT),
  /// Webhook events that the sender has not delivered yet.
  SHADOWS(38, Role.DIRECT),
  SHADOWS_KEPT(39, Role.DIRECT),
  /// Webhook events that the sender has found in its file.
  RETURNED(40, Role.DIRECT),
  /// Which of them are delivered by another node.
  ADOPTED(41, Role.DIRECT),
  /// Client events and cache misses for the webhooks of the receiver.
  PULSES(42, Role.DIRECT),
  PULSES_ACCEPTED(43, Role.DIRECT),
  CONSOLE_REQUEST(44, Role.DIRECT),
  CONSOLE_RESPONSE(45, Role.DIRECT);

  private enum Role {
    CONTROL,
    FACT,
    EVENT,
    COMMAND,
    /// For one node; what must arrive is repeated by its sender until it is answered.
    DIRECT
  }

  private static final @Nullable ItemType[] BY_CODE = new ItemType[64];

  static {
    for (ItemType type : values()) {
      BY_CODE[type.code] = type;
    }
  }

  private final int code;
  private final Role role;

  ItemType(int code, Role role) {
    this.code = code;
    this.role = role;
  }

  int code() {
    return code;
  }

  static @Nullable ItemType of(int code) {
    return code < BY_CODE.length ? BY_CODE[code] : null;
  }

  /// It concerns only the link.
  public boolean isControl() {
    return role == Role.CONTROL;
  }

  /// A snapshot contains what a later fact would say, so facts of an old link are superseded; the
  /// others are carried into the new one.
  public boolean isCarried() {
    return role == Role.EVENT || role == Role.COMMAND;
  }

  /// A node that does not know it must not go on.
  boolean isRequired() {
    return role != Role.DIRECT;
  }

  /// Subscribers receive it; it may be dropped if there is no room.
  public boolean isEvent() {
    return role == Role.EVENT;
  }
}
