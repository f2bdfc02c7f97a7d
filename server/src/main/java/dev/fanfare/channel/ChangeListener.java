package dev.fanfare.channel;

/// Is notified of every [Change], on the thread that decided it and mostly while the channel's
/// entry is held. It must not block, throw or call back into [Channels]: it counts, or puts the
/// change into a queue.
@FunctionalInterface
public interface ChangeListener {

  void onChange(Change change);
}
