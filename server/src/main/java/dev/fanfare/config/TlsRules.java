package dev.fanfare.config;

import dev.fanfare.config.schema.AcmeSchema;
import dev.fanfare.config.schema.Section;
import dev.fanfare.config.schema.ServerSchema;
import dev.fanfare.config.schema.Setting;
import dev.fanfare.config.schema.TlsSchema;
import dev.fanfare.config.value.Problems;
import dev.fanfare.protocol.Parsed;
import dev.fanfare.tls.Loaded;
import dev.fanfare.transport.TlsOptions;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;

/// Checks the TLS settings. Reads the files that they name, so that a wrong one is reported before
/// anything is started.
final class TlsRules {

  private final Section server;
  private final Problems problems;

  private TlsRules(Section server, Problems problems) {
    this.server = server;
    this.problems = problems;
  }

  static void run(Section server, Problems problems) {
    TlsRules check = new TlsRules(server, problems);
    if (!server.get(AcmeSchema.DOMAINS).isEmpty()) {
      check.ports();
      check.protocols();
    } else if (server.get(TlsSchema.CERTIFICATE).isEmpty()) {
      Dependents.report(
          server,
          problems,
          TlsSchema.CERTIFICATE,
          TlsSchema.KEY,
          TlsSchema.PASSWORD,
          TlsSchema.PORT,
          TlsSchema.ONLY);
    } else {
      check.ports();
      check.protocols();
      check.files();
    }
  }

  private void ports() {
    Setting<Integer> port = server.setting(TlsSchema.PORT);
    Setting<Integer> plain = server.setting(ServerSchema.PORT);
    if (port.value() != 0 && port.value().equals(plain.value())) {
      String text = port.name() + " is " + port.value() + ", but so is " + plain.name();
      problems.error(port.source(), text + "; 0 serves both on one port");
    }
  }

  private void protocols() {
    Setting<List<TlsOptions.Protocol>> protocols = server.setting(TlsSchema.PROTOCOLS);
    if (protocols.value().isEmpty()) {
      String text = protocols.name() + " is empty, but must be ";
      problems.error(protocols.source(), text + TlsSchema.PROTOCOLS.kind().allowed());
    }
  }

  private void files() {
    Setting<String> certificate = server.setting(TlsSchema.CERTIFICATE);
    Setting<String> key = server.setting(TlsSchema.KEY);
    Instant now = InstantSource.system().instant();
    switch (TlsSchema.options(server).files().load(now)) {
      case Loaded.Bad bad -> {
        for (Loaded.Fault fault : bad.faults()) {
          Setting<String> blamed = fault.part() == Loaded.Part.KEY ? key : certificate;
          problems.error(blamed.source(), blamed.name() + " " + fault.text());
        }
      }
      case Loaded.Good good -> {
        for (String remark : good.remarks()) {
          problems.warn(certificate.source(), certificate.name() + " " + remark);
        }
        if (good.credentials().checkExpiry(now) instanceof Parsed.Bad(String expiry)) {
          String text = certificate.name() + " is \"" + certificate.value() + "\", which " + expiry;
          problems.warn(certificate.source(), text);
        }
      }
    }
  }
}
