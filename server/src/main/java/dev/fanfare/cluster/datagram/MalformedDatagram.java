package dev.fanfare.cluster.datagram;

/// A datagram that must be dropped. Has no stack trace: it is the sender's mistake, and there may
/// be many.
final class MalformedDatagram extends Exception {

  private static final long serialVersionUID = 1;

  private final Rejection rejection;

  MalformedDatagram(Rejection rejection) {
    super(rejection.name(), null, false, false);
    this.rejection = rejection;
  }

  Rejection rejection() {
    return rejection;
  }
}
