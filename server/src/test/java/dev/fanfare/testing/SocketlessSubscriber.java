package dev.fanfare.testing;

import dev.fanfare.channel.lane.Frames;
import dev.fanfare.channel.lane.Lane;
import dev.fanfare.channel.lane.Losses;
import dev.fanfare.channel.lane.Subscriber;
import org.jspecify.annotations.Nullable;

/// A subscriber without a socket, which discards what is delivered and must never fail.
public class SocketlessSubscriber implements Subscriber {

  private final String socketId;
  private final Lane lane;

  public SocketlessSubscriber(String socketId, Lane lane) {
    this.socketId = socketId;
    this.lane = lane;
  }

  @Override
  public final String socketId() {
    return socketId;
  }

  @Override
  public final String address() {
    return "127.0.0.1:1";
  }

  @Override
  public final Lane lane() {
    return lane;
  }

  @Override
  public final boolean isUnflushed() {
    return false;
  }

  @Override
  public final boolean mayReplay(Runnable whenSent) {
    return true;
  }

  @Override
  public final @Nullable Losses losses() {
    return null;
  }

  @Override
  public boolean onDeliver(Frames frames) {
    return false;
  }

  @Override
  public final void onFlush() {}

  @Override
  public final void onFellBehind(String reason) {
    throw new AssertionError(reason);
  }

  @Override
  public final void onDeliveryFailed(Throwable cause) {
    throw new AssertionError(cause);
  }
}
