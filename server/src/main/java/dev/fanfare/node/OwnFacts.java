package dev.fanfare.node;

import dev.fanfare.bus.Bus;
import dev.fanfare.channel.Channels;
import dev.fanfare.channel.SharedChanges;
import dev.fanfare.session.Sessions;
import dev.fanfare.session.Watchlists;
import dev.fanfare.webhook.Webhooks;
import java.util.Iterator;
import java.util.List;

/// All that this node owns and others know, for a bus that has missed some of it: each element
/// publishes the facts of one entry while the entry is held.
record OwnFacts(
    Channels channels, Sessions sessions, Watchlists watchlists, Webhooks webhooks, Bus bus)
    implements Iterable<Runnable> {

  @Override
  public Iterator<Runnable> iterator() {
    Iterator<Iterator<Runnable>> parts =
        List.of(
                channels.visits(new SharedChanges(bus)::restate),
                sessions.facts(),
                watchlists.facts(),
                webhooks.facts())
            .iterator();
    return new Iterator<>() {
      private Iterator<Runnable> part = parts.next();

      @Override
      public boolean hasNext() {
        while (!part.hasNext() && parts.hasNext()) {
          part = parts.next();
        }
        return part.hasNext();
      }

      @Override
      public Runnable next() {
        return part.next();
      }
    };
  }
}
