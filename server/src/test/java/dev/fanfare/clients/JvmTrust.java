package dev.fanfare.clients;

import dev.fanfare.testing.Authority;
import java.io.IOException;
import java.nio.file.Files;
import org.jspecify.annotations.Nullable;

/// A certificate authority that every TLS client of this JVM trusts, and no other, until it is
/// closed. The Java client and the Java SDK have no option for one.
record JvmTrust(Authority authority, @Nullable String trustStoreBefore) implements AutoCloseable {

  private static final String TRUST_STORE = "javax.net.ssl.trustStore";

  /// Creates the authority and has it issue a certificate for `localhost` and `127.0.0.1` under
  /// this name.
  static JvmTrust issue(String name) throws IOException {
    Authority authority = Authority.in(Files.createTempDirectory("fanfare-tls")).issue(name);
    String before = System.getProperty(TRUST_STORE);
    System.setProperty(TRUST_STORE, authority.trustStore().toString());
    return new JvmTrust(authority, before);
  }

  @Override
  public void close() {
    if (trustStoreBefore == null) {
      System.clearProperty(TRUST_STORE);
    } else {
      System.setProperty(TRUST_STORE, trustStoreBefore);
    }
  }
}
