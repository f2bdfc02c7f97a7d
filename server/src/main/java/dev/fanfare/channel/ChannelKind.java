package dev.fanfare.channel;

import dev.fanfare.protocol.ChannelName;

/// The kind of a channel by its prefix, not considering whether it is a cache channel.
public enum ChannelKind {
  PUBLIC("public"),
  PRIVATE("private"),
  PRIVATE_ENCRYPTED("private-encrypted"),
  PRESENCE("presence"),
  USER("user");

  private final String label;

  ChannelKind(String label) {
    this.label = label;
  }

  /// Its value in metrics.
  public String label() {
    return label;
  }

  static ChannelKind of(ChannelName name) {
    if (name.isUser()) {
      return USER;
    }
    if (name.hasMembers()) {
      return PRESENCE;
    }
    if (name.isEncrypted()) {
      return PRIVATE_ENCRYPTED;
    }
    return name.needsAuth() ? PRIVATE : PUBLIC;
  }
}
