package dev.fanfare.console;

import dev.fanfare.console.login.ConsoleUser;
import dev.fanfare.protocol.Parsed;
import io.soabase.recordbuilder.core.RecordBuilder;
import java.net.InetSocketAddress;
import java.util.List;

/// Whether and where a server has a console.
///
/// @param enabled false for none
/// @param host address to listen on
/// @param port 0 for any free one
/// @param url what a proxy calls it; empty for none
/// @param users who may log in with a password; empty for links only
/// @param insecure whether it may listen beyond loopback without TLS, behind a proxy that has it
/// @param payloads whether the data of events is shown
/// @param traces publishes of each app that are remembered
@RecordBuilder
public record ConsoleOptions(
    boolean enabled,
    String host,
    int port,
    String url,
    List<ConsoleUser> users,
    boolean insecure,
    boolean payloads,
    int traces)
    implements ConsoleOptionsBuilder.With {

  public static final ConsoleOptions DEFAULTS =
      ConsoleOptionsBuilder.builder()
          .enabled(false)
          .host("127.0.0.1")
          .port(9_602)
          .url("")
          .users(List.of())
          .insecure(false)
          .payloads(true)
          .traces(1_000)
          .build();

  public ConsoleOptions {
    users = List.copyOf(users);
  }

  /// Fails if it would be open to a network without a login, or without TLS. Resolves the host
  /// name.
  ///
  /// @param hasTls whether the server has a certificate
  public Parsed<Parsed.Passed> check(boolean hasTls) {
    InetSocketAddress address = new InetSocketAddress(host, port);
    if (address.isUnresolved() || address.getAddress().isLoopbackAddress()) {
      return Parsed.PASSED;
    }
    if (users.isEmpty()) {
      return new Parsed.Bad<>(
          "which is no loopback address, but console_users is empty: only users with passwords can"
              + " log in from elsewhere");
    }
    return hasTls || insecure
        ? Parsed.PASSED
        : new Parsed.Bad<>(
            "which is no loopback address, but there is no tls_certificate: passwords would be"
                + " readable on the network. Behind a proxy with TLS, set console_insecure: true");
  }
}
