package dev.fanfare.config.foreign;

import dev.fanfare.config.foreign.Family.Idle;
import dev.fanfare.config.schema.AppSchema;
import java.util.List;

/// The names that Laravel and server SDKs use for an app of the hosted service: `PUSHER_APP_…`. The
/// other variables are the address that clients and Laravel connect to; the server does not need
/// them.
final class PusherNames {

  static final Family FAMILY =
      new Family(
          "the hosted service",
          "PUSHER_",
          List.of(
              Alias.app("APP_ID", AppSchema.ID, Conversion.SAME),
              Alias.app("APP_KEY", AppSchema.KEY, Conversion.SAME),
              Alias.app("APP_SECRET", AppSchema.SECRET, Conversion.SAME)),
          List.of(),
          List.of(),
          List.of(new Idle("*", "")));

  private PusherNames() {}
}
