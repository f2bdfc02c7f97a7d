package dev.fanfare.doctor.step;

import dev.fanfare.app.Secret;
import dev.fanfare.doctor.report.Outcome;
import dev.fanfare.doctor.report.Step;
import dev.fanfare.doctor.wire.Deadline;
import dev.fanfare.doctor.wire.Words;
import dev.fanfare.protocol.Parsed;
import java.io.IOException;
import java.util.Locale;

/// Subscribes to a private channel with a signature made here, which verifies the secret.
public final class PrivateCheck implements Check {

  @Override
  public Step step() {
    return Step.PRIVATE;
  }

  @Override
  public Outcome run(Visit visit, Deadline deadline) throws IOException {
    Secret secret = visit.credentials().secret();
    if (secret == null) {
      return new Outcome.Skipped("no secret given");
    }
    String channel = visit.channel("private-");
    String auth = visit.auth(secret.signature(), channel);
    return switch (visit.socket().subscribe(channel, auth, null, deadline)) {
      case Parsed.Ok<Parsed.Passed> _ ->
          new Outcome.Passed("subscribed with a signature made here");
      case Parsed.Bad<Parsed.Passed> bad -> refused(visit, bad.reason());
    };
  }

  private static Outcome refused(Visit visit, String refusal) {
    return refusal.toLowerCase(Locale.ROOT).contains("signature")
        ? new Outcome.Failed(
            "the server rejects signatures made with this secret: it is not the secret of key "
                + visit.credentials().key(),
            "Take secret and key from the same app, and check for spaces and quotation marks around"
                + " the secret.")
        : new Outcome.Failed(
            "refused: " + Words.brief(refusal), "See docs/errors.md for what the text means.");
  }
}
