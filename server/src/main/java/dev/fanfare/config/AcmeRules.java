package dev.fanfare.config;

import dev.fanfare.acme.AcmeOptions;
import dev.fanfare.bus.EngineOptions;
import dev.fanfare.config.schema.AcmeSchema;
import dev.fanfare.config.schema.ClusterSchema;
import dev.fanfare.config.schema.Option;
import dev.fanfare.config.schema.Section;
import dev.fanfare.config.schema.ServerSchema;
import dev.fanfare.config.schema.Setting;
import dev.fanfare.config.schema.TlsSchema;
import dev.fanfare.config.value.Problems;
import dev.fanfare.config.value.Source;
import dev.fanfare.protocol.Parsed;
import dev.fanfare.tls.EngineKeys;
import java.time.InstantSource;
import java.util.List;

/// Checks the settings of ordered certificates.
final class AcmeRules {

  private final Section server;
  private final Problems problems;

  private AcmeRules(Section server, Problems problems) {
    this.server = server;
    this.problems = problems;
  }

  /// @param cluster says whether there are other nodes
  static void run(Section server, Section cluster, Problems problems) {
    AcmeRules rules = new AcmeRules(server, problems);
    if (!server.get(AcmeSchema.DOMAINS).isEmpty()) {
      rules.terms();
      rules.ports();
      rules.authorities();
      rules.account();
      rules.nodes(cluster.setting(ClusterSchema.BUS));
    } else {
      Dependents.report(
          server,
          problems,
          AcmeSchema.DOMAINS,
          AcmeSchema.TERMS_AGREED,
          AcmeSchema.EMAIL,
          AcmeSchema.DIRECTORY,
          AcmeSchema.CA,
          AcmeSchema.KEY_ID,
          AcmeSchema.MAC_KEY);
    }
  }

  private void terms() {
    Setting<List<String>> domains = server.setting(AcmeSchema.DOMAINS);
    if (!server.get(AcmeSchema.TERMS_AGREED)) {
      String agreed = server.spell(AcmeSchema.TERMS_AGREED);
      String directory = server.get(AcmeSchema.DIRECTORY);
      problems.error(
          domains.source(),
          domains.name()
              + " is set, but "
              + agreed
              + " is not true: read the terms of "
              + directory
              + " and set it if you agree");
    }
    for (Option<?> option : List.of(TlsSchema.CERTIFICATE, TlsSchema.KEY, TlsSchema.PASSWORD)) {
      Setting<?> setting = server.changed(option);
      if (setting != null) {
        problems.error(
            setting.source(),
            setting.name() + " is set, but " + domains.name() + " orders a certificate; keep one");
      }
    }
  }

  private void ports() {
    if (server.get(AcmeSchema.CHALLENGE) != AcmeOptions.Challenge.HTTP_01) {
      return;
    }
    Setting<Integer> own = server.setting(AcmeSchema.HTTP_PORT);
    for (Option<Integer> other : List.of(ServerSchema.PORT, TlsSchema.PORT)) {
      Setting<Integer> port = server.setting(other);
      if (own.value() != 0 && own.value().equals(port.value())) {
        String text = own.name() + " is " + own.value() + ", but so is " + port.name();
        boolean isDefault = own.source().equals(Source.DEFAULT);
        problems.error(isDefault ? port.source() : own.source(), text);
      }
    }
  }

  private void authorities() {
    Setting<String> ca = server.setting(AcmeSchema.CA);
    if (!ca.value().isEmpty()
        && EngineKeys.load(ca.value(), "", "", InstantSource.system().instant())
            instanceof Parsed.Bad(String problem)) {
      problems.error(ca.source(), ca.name() + " " + problem);
    }
  }

  /// The certificate of a challenge over TLS is in the memory of one node, and the authority may
  /// reach another one.
  private void nodes(Setting<EngineOptions.Kind> bus) {
    Setting<AcmeOptions.Challenge> challenge = server.setting(AcmeSchema.CHALLENGE);
    if (challenge.value() == AcmeOptions.Challenge.TLS_ALPN_01
        && bus.value() != EngineOptions.Kind.NONE) {
      problems.error(
          challenge.source(),
          challenge.name()
              + " is tls-alpn-01, but "
              + bus.name()
              + " is "
              + ClusterSchema.BUS.kind().show(bus.value())
              + ", and the authority may reach another node; use http-01");
    }
  }

  /// Key and identifier belong together.
  private void account() {
    Setting<String> id = server.setting(AcmeSchema.KEY_ID);
    Setting<?> key = server.find(AcmeSchema.MAC_KEY);
    if (key != null && id.value().isEmpty()) {
      problems.error(key.source(), key.name() + " is set, but " + id.name() + " is not");
    } else if (key == null && !id.value().isEmpty() && !server.has(AcmeSchema.MAC_KEY)) {
      String name = server.spell(AcmeSchema.MAC_KEY);
      problems.error(id.source(), id.name() + " is set, but " + name + " is not");
    }
  }
}
