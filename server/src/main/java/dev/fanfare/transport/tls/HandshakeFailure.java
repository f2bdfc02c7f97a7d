package dev.fanfare.transport.tls;

import io.netty.handler.ssl.NotSslRecordException;
import java.nio.channels.ClosedChannelException;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;

/// Says why a handshake has failed, for the log, whichever engine noticed it.
final class HandshakeFailure {

  /// What BoringSSL says: `error:10000416:SSL routines:OPENSSL_internal:SSLV3_ALERT_…`.
  private static final Pattern NATIVE =
      Pattern.compile("error:[0-9a-f]+:[^:]*:OPENSSL_internal:([A-Z0-9_]+)");

  /// An alert of the client, named after the version of TLS that introduced it.
  private static final Pattern ALERT = Pattern.compile("(?:SSLV3|TLSV1)_ALERT_(.+)");

  private HandshakeFailure() {}

  /// True if an engine has reported a failure of TLS, itself or through a handler of bytes.
  static boolean isReported(Throwable cause) {
    return cause instanceof SSLException || cause.getCause() instanceof SSLException;
  }

  static String reason(Throwable cause) {
    if (cause instanceof NotSslRecordException) {
      return "not a TLS record"; // its message would repeat all the bytes
    }
    if (cause instanceof ClosedChannelException) {
      return "peer closed the connection during the handshake";
    }
    String message = String.valueOf(cause.getMessage());
    Matcher named = NATIVE.matcher(message);
    String text = named.find() ? translate(named.group(1)) : message;
    boolean isDistrust =
        text.contains("certificate_unknown")
            || text.contains("unknown_ca")
            || text.contains("bad_certificate");
    return isDistrust
        ? text + "; the client does not trust the certificate: chain, name or authority"
        : text;
  }

  /// The words of the JDK where it has some, else those of BoringSSL.
  private static String translate(String name) {
    Matcher alert = ALERT.matcher(name);
    if (alert.matches()) {
      return "Received fatal alert: " + alert.group(1).toLowerCase(Locale.ROOT);
    }
    return switch (name) {
      case "UNSUPPORTED_PROTOCOL", "UNKNOWN_PROTOCOL", "WRONG_VERSION_NUMBER" ->
          "(protocol_version) the client's versions of TLS are not accepted";
      case "NO_SHARED_CIPHER" ->
          "(handshake_failure) the client has no cipher suite in common with the server";
      default -> name.toLowerCase(Locale.ROOT).replace('_', ' ');
    };
  }
}
