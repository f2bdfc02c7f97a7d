package dev.fanfare.nats;

import dev.fanfare.bus.EngineUrl;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// A NATS answers, and says that it keeps nothing. Trying again does not help.
final class MissingJetStream extends IOException {

  private static final long serialVersionUID = 1L;

  MissingJetStream(EngineUrl url, @Nullable Throwable cause) {
    super(
        "the NATS at "
            + url
            + " has no JetStream, which history on several nodes needs: start nats-server with -js,"
            + " or enable JetStream for the account of this user",
        cause);
  }
}
