package dev.fanfare.http;

import dev.fanfare.app.App;
import dev.fanfare.app.LiveApp;
import dev.fanfare.protocol.Query;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A request that may be carried out.
///
/// @param names the percent-decoded values of the path, besides the app's id: the name of a
///   channel, the id of a user or webhook
/// @param signer the app whose secret signed it, or the operator that did, as [Router.Operators]
///   knows it; null if the endpoint is [Route.Access#OPEN]
public record Call(Request request, Query query, List<String> names, @Nullable LiveApp signer) {

  /// The first of the names.
  public String name() {
    return names.getFirst();
  }

  /// The app whose secret signed the request.
  public LiveApp live() {
    return Objects.requireNonNull(signer, "the endpoint is not signed");
  }

  /// A snapshot of that app.
  App app() {
    return live().current();
  }
}
