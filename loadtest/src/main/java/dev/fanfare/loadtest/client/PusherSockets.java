package dev.fanfare.loadtest.client;

import dev.fanfare.loadtest.wire.FrameLayout;
import dev.fanfare.loadtest.wire.SignedRequests;
import dev.fanfare.loadtest.wire.UpgradeReply;
import org.jspecify.annotations.Nullable;

/// Makes the [PusherSocket]s of one run and holds what they share. Confined to the loop's thread.
public final class PusherSockets {

  private final Connector connector;
  private final SignedRequests signer;
  private final FrameLayout layout = new FrameLayout();
  private final byte[] upgradeRequest;

  public PusherSockets(Connector connector, SignedRequests signer) {
    this.connector = connector;
    this.signer = signer;
    upgradeRequest = UpgradeReply.request(connector.target().authority(), connector.target().key());
  }

  /// Opens a connection and, if `wanted` is given, subscribes as soon as it is greeted.
  public PusherSocket open(int number, @Nullable Subscription wanted, PusherListener listener) {
    PusherSocket made = new PusherSocket(number, listener, this, wanted);
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

  byte[] upgradeRequest() {
    return upgradeRequest;
  }
}
