package dev.fanfare.config;

import dev.fanfare.app.Secret;
import dev.fanfare.bus.EngineOptions;
import dev.fanfare.bus.EngineUrl;
import dev.fanfare.config.schema.ClusterSchema;
import dev.fanfare.config.schema.Option;
import dev.fanfare.config.schema.Section;
import dev.fanfare.config.schema.Setting;
import dev.fanfare.config.value.Problems;
import dev.fanfare.config.value.Source;
import dev.fanfare.protocol.Parsed;
import dev.fanfare.tls.EngineKeys;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.regex.Pattern;

/// Checks the settings of the cluster: without an engine they have no effect, and an engine needs
/// its URLs. Reads the files of TLS, so that a wrong one is reported before anything is started.
final class ClusterRules {

  private static final List<Option<?>> FOR_AN_ENGINE =
      List.of(
          ClusterSchema.USER,
          ClusterSchema.PASSWORD,
          ClusterSchema.SENTINEL_PASSWORD,
          ClusterSchema.CA,
          ClusterSchema.CERTIFICATE,
          ClusterSchema.KEY,
          ClusterSchema.SECRET);

  private static final int KEY_BYTES = 32;
  private static final Pattern HEX = Pattern.compile("[0-9A-Fa-f]*");

  private final Section cluster;
  private final Problems problems;

  private ClusterRules(Section cluster, Problems problems) {
    this.cluster = cluster;
    this.problems = problems;
  }

  static void run(Section cluster, Problems problems) {
    ClusterRules rules = new ClusterRules(cluster, problems);
    Setting<EngineOptions.Kind> bus = cluster.setting(ClusterSchema.BUS);
    rules.urls(bus, EngineOptions.Kind.REDIS, ClusterSchema.REDIS_URLS);
    rules.urls(bus, EngineOptions.Kind.NATS, ClusterSchema.NATS_URLS);
    if (bus.value() == EngineOptions.Kind.NONE) {
      FOR_AN_ENGINE.forEach(option -> rules.needsABus(option, bus));
    } else {
      rules.files();
      rules.secret();
    }
  }

  private void urls(
      Setting<EngineOptions.Kind> bus, EngineOptions.Kind kind, Option<List<EngineUrl>> option) {
    Setting<List<EngineUrl>> urls = cluster.setting(option);
    boolean isUsed = bus.value() == kind;
    if (isUsed && urls.value().isEmpty() && !isRefused(option, urls)) {
      problems.error(bus.source(), said(bus) + ", but " + urls.name() + " is not set");
    } else if (!isUsed && !urls.value().isEmpty()) {
      problems.error(urls.source(), urls.name() + " is set, but " + said(bus));
    }
  }

  /// True if the option was set to something that has been reported already.
  private boolean isRefused(Option<?> option, Setting<?> found) {
    return cluster.has(option) && found.source().equals(Source.DEFAULT);
  }

  private void needsABus(Option<?> option, Setting<EngineOptions.Kind> bus) {
    Setting<?> setting = cluster.changed(option);
    if (setting != null) {
      problems.error(setting.source(), setting.name() + " is set, but " + said(bus));
    }
  }

  private void files() {
    Setting<String> ca = cluster.setting(ClusterSchema.CA);
    Setting<String> certificate = cluster.setting(ClusterSchema.CERTIFICATE);
    Setting<String> key = cluster.setting(ClusterSchema.KEY);
    if (certificate.value().isEmpty() && !key.value().isEmpty()) {
      problems.error(key.source(), key.name() + " is set, but " + certificate.name() + " is not");
      return;
    }
    check(ca, EngineKeys.load(ca.value(), "", "", InstantSource.system().instant()));
    check(
        certificate,
        EngineKeys.load("", certificate.value(), key.value(), InstantSource.system().instant()));
  }

  private void secret() {
    Setting<Secret> secret = cluster.find(ClusterSchema.SECRET);
    if (secret != null && !isKey(secret.value().reveal())) {
      String text =
          " is not 32 bytes as hexadecimal digits or Base64; openssl rand -hex 32 makes one";
      problems.error(secret.source(), secret.name() + text);
    }
  }

  private static boolean isKey(String text) {
    if (text.length() == 2 * KEY_BYTES) {
      return HEX.matcher(text).matches();
    }
    try {
      return Base64.getDecoder().decode(text).length == KEY_BYTES;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private void check(Setting<String> blamed, Parsed<EngineKeys> loaded) {
    if (loaded instanceof Parsed.Bad(String reason)) {
      problems.error(blamed.source(), blamed.name() + " " + reason);
    }
  }

  private static String said(Setting<EngineOptions.Kind> bus) {
    return bus.name() + " is " + ClusterSchema.BUS.kind().show(bus.value());
  }
}
