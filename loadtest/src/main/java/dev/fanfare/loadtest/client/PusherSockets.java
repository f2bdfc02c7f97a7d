package dev.fanfare.loadtest.client;

import dev.fanfare.loadtest.wire.FrameLayout;
import dev.fanfare.loadtest.wire.Inflation;
import dev.fanfare.loadtest.wire.SignedRequests;
import dev.fanfare.loadtest.wire.UpgradeReply;
import org.jspecify.annotations.Nullable;

/// Creates the [PusherSocket]s of one run and holds what they share. Confined to the loop's thread.
public final class PusherSockets implements AutoCloseable {

  private final Connector connector;
  private final SignedRequests signer;
  private final FrameLayout layout = new FrameLayout();
  private final Inflation inflation = new Inflation();
  private final byte[] upgradeRequest;
  private final byte[] compressedUpgradeRequest;

  public PusherSockets(Connector connector, SignedRequests signer) {
    this.connector = connector;
    this.signer = signer;
    String authority = connector.target().authority();
    String key = connector.target().key();
    upgradeRequest = UpgradeReply.request(authority, key, false);
    compressedUpgradeRequest = UpgradeReply.request(authority, key, true);
  }

  /// Opens a connection and, if `wanted` is given, subscribes as soon as it is established.
  public PusherSocket open(int number, @Nullable Subscription wanted, PusherListener listener) {
    return open(number, wanted, listener, false);
  }

  /// The same with messages compressed by the server; a server that does not agree counts as
  /// failed.
  public PusherSocket openCompressed(
      int number, @Nullable Subscription wanted, PusherListener listener) {
    return open(number, wanted, listener, true);
  }

  private PusherSocket open(
      int number, @Nullable Subscription wanted, PusherListener listener, boolean compressed) {
    PusherSocket made = new PusherSocket(number, listener, this, wanted, compressed);
    connector.connectSubscriber(made, made::onConnectFailed);
    return made;
  }

  SignedRequests signer() {
    return signer;
  }

  TurnClock clock() {
    return connector.clock();
  }

  FrameLayout layout() {
    return layout;
  }

  Inflation inflation() {
    return inflation;
  }

  byte[] upgradeRequest(boolean compressed) {
    return compressed ? compressedUpgradeRequest : upgradeRequest;
  }

  /// Compressed messages received on all connections.
  public long inflated() {
    return inflation.messages();
  }

  @Override
  public void close() {
    inflation.close();
  }
}
