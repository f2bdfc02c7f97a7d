package dev.fanfare.tls;

import java.util.List;
import java.util.stream.Collectors;

/// The result of reading a certificate and its key.
public sealed interface Loaded {

  /// They can be used.
  ///
  /// @param remarks what is doubtful about the certificate, each to follow the name of its setting
  record Good(Credentials credentials, List<String> remarks) implements Loaded {}

  /// They cannot be used, for these reasons.
  record Bad(List<Fault> faults) implements Loaded {

    /// All problems in one line.
    public String text() {
      return faults.stream().map(Fault::toString).collect(Collectors.joining("; "));
    }
  }

  /// The setting that has the problem.
  enum Part {
    CERTIFICATE("tls_certificate"),
    KEY("tls_key");

    private final String setting;

    Part(String setting) {
      this.setting = setting;
    }
  }

  /// One problem.
  ///
  /// @param text follows the name of the setting: `is "/etc/x.pem", which does not exist`
  record Fault(Part part, String text) {

    @Override
    public String toString() {
      return part.setting + " " + text;
    }
  }
}
