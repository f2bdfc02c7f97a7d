package dev.fanfare.config.foreign;

import dev.fanfare.config.foreign.Family.Idle;
import dev.fanfare.config.schema.AppSchema;
import java.util.List;

/// The names that Laravel and server SDKs use for an app of the hosted service: `PUSHER_APP_…`. The
/// other variables are the address that clients and Laravel connect to; the server does not need
/// them.
final class PusherNames {

  static final Family FAMILY =
      FamilyBuilder.builder()
          .server("the hosted service")
          .prefix("PUSHER_")
          .aliases(
              List.of(
                  Alias.app("APP_ID", AppSchema.ID, Conversion.SAME),
                  Alias.app("APP_KEY", AppSchema.KEY, Conversion.SAME),
                  Alias.app("APP_SECRET", AppSchema.SECRET, Conversion.SAME)))
          .presumed(List.of())
          .engine(List.of())
          .unsupported(List.of())
          .idle(List.of(new Idle("*", "")))
          .build();

  private PusherNames() {}
}
