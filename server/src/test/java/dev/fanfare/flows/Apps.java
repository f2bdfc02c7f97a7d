package dev.fanfare.flows;

import dev.fanfare.app.App;
import dev.fanfare.app.AppOptions;
import dev.fanfare.app.Secret;
import dev.fanfare.protocol.Limits;
import java.util.function.UnaryOperator;

/// Variants of the default app.
final class Apps {

  private Apps() {}

  static App with(App app, UnaryOperator<Limits> change) {
    return app.withLimits(change.apply(app.limits()));
  }

  static App with(App app, AppOptions options) {
    return app.withOptions(options);
  }

  static App another(String id, AppOptions options) {
    return new App(id, "key" + id, new Secret("secret" + id), options, Limits.HOSTED);
  }
}
