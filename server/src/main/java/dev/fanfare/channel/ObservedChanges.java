package dev.fanfare.channel;

import dev.fanfare.observe.Observation;
import dev.fanfare.observe.ServerListener;

/// Passes the changes that logs and metrics are interested in to their listener.
public record ObservedChanges(ServerListener listener) implements ChangeListener {

  @Override
  public void onChange(Change change) {
    switch (change) {
      case Change.Joined joined ->
          listener.subscribed(joined.app(), joined.name(), joined.subscription().subscriber());
      case Change.Left left ->
          listener.unsubscribed(left.app(), left.name(), left.subscription().subscriber());
      case Change.CacheForgotten forgotten ->
          listener.on(new Observation.CacheForgotten(forgotten.app(), forgotten.name()));
      case Change.Occupied _,
          Change.Vacated _,
          Change.MemberAdded _,
          Change.MemberRemoved _,
          Change.Counted _,
          Change.Kept _,
          Change.CacheMissed _,
          Change.ClientEvent _ -> {}
    }
  }
}
