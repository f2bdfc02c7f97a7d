package dev.fanfare.http.operator;

import dev.fanfare.app.App;
import dev.fanfare.app.AppOptions;
import dev.fanfare.app.Secret;
import dev.fanfare.protocol.Limits;

/// An operator who may list and change apps.
///
/// @param name for the audit log
/// @param key identifies the signer of a request; public
/// @param secret signs requests; never printed
public record OperatorKey(String name, String key, Secret secret) {

  /// As the signer of requests, which are checked like those of an app. Each signature is accepted
  /// once.
  public App signer() {
    return new App(
        name, key, secret, AppOptions.DEFAULTS.withReplayProtection(true), Limits.HOSTED);
  }
}
