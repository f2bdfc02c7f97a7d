package dev.fanfare.config.foreign;

import dev.fanfare.config.foreign.Family.Idle;
import dev.fanfare.config.foreign.Family.Presumed;
import dev.fanfare.config.schema.AppSchema;
import dev.fanfare.config.schema.LimitsSchema;
import dev.fanfare.config.schema.ServerSchema;
import java.util.List;

/// The configuration names of Laravel Reverb 1.x: variables `REVERB_…`.
final class ReverbNames {

  private static final String PUBLIC =
      "they tell clients and Laravel where to connect; the server listens on REVERB_SERVER_HOST"
          + " and REVERB_SERVER_PORT";
  private static final String RATE =
      "client events have a separate limit, FANFARE_APP_LIMITS_MAX_CLIENT_EVENTS_PER_SECOND";

  static final Family FAMILY =
      FamilyBuilder.builder()
          .server("Reverb")
          .prefix("REVERB_")
          .aliases(
              List.of(
                  Alias.server("SERVER_HOST", ServerSchema.HOST, Conversion.SAME),
                  Alias.server("SERVER_PORT", ServerSchema.PORT, Conversion.SAME).assuming("8080"),
                  Alias.server("SERVER_PATH", ServerSchema.PATH_PREFIX, Conversion.PATH),
                  Alias.server(
                      "APP_ACTIVITY_TIMEOUT",
                      ServerSchema.ACTIVITY_TIMEOUT_SECONDS,
                      Conversion.SAME),
                  Alias.app("APP_ID", AppSchema.ID, Conversion.SAME),
                  Alias.app("APP_KEY", AppSchema.KEY, Conversion.SAME),
                  Alias.app("APP_SECRET", AppSchema.SECRET, Conversion.SAME),
                  Alias.app(
                          "APP_ACCEPT_CLIENT_EVENTS_FROM",
                          AppSchema.CLIENT_EVENTS,
                          Conversion.WHISPERERS)
                      .assuming("members"),
                  Alias.app("ALLOWED_ORIGINS", AppSchema.ALLOWED_ORIGINS, Conversion.SAME),
                  Alias.app(
                      "APP_MAX_CONNECTIONS", LimitsSchema.MAX_CONNECTIONS, Conversion.CEILING),
                  Alias.app("MAX_REQUEST_SIZE", LimitsSchema.MAX_EVENT_BYTES, Conversion.SAME),
                  Alias.app("APP_MAX_MESSAGE_SIZE", LimitsSchema.MAX_EVENT_BYTES, Conversion.SAME),
                  Alias.app(
                          "APP_RATE_LIMITING_ENABLED",
                          LimitsSchema.MAX_CLIENT_EVENTS_PER_SECOND,
                          Conversion.LIMITED)
                      .assuming("false")))
          .presumed(List.of(new Presumed(ServerSchema.ACTIVITY_TIMEOUT_SECONDS, "30")))
          .engine(ReverbEngine.NAMES)
          .unsupported(List.of())
          .idle(
              List.of(
                  new Idle("HOST", PUBLIC),
                  new Idle("PORT", PUBLIC),
                  new Idle("SCHEME", PUBLIC),
                  new Idle(
                      "APP_PING_INTERVAL", "REVERB_APP_ACTIVITY_TIMEOUT applies to both sides"),
                  new Idle("APP_RATE_LIMIT_*", RATE),
                  new Idle("SCALING_ENABLED", "SOKETI_ADAPTER_DRIVER joins the nodes"),
                  new Idle("SCALING_*", "only REVERB_SCALING_ENABLED=true needs it"),
                  new Idle("PULSE_*", "the server does not report to Laravel"),
                  new Idle("TELESCOPE_*", "the server does not report to Laravel"),
                  new Idle("SERVER", "")))
          .build();

  private ReverbNames() {}
}
