package dev.fanfare.config.layer;

import java.util.regex.Pattern;

/// Recognises the variables that Kubernetes sets in every container for each service of the
/// namespace. A service called `fanfare` gets `FANFARE_PORT=tcp://10.0.0.7:6001`, which is not
/// meant as configuration.
public final class ServiceLinks {

  private static final Pattern NAMES =
      Pattern.compile(
          "(?:.+_)?(?:SERVICE_HOST|SERVICE_PORT(?:_.+)?"
              + "|PORT_[0-9]+_(?:TCP|UDP|SCTP)(?:_(?:ADDR|PORT|PROTO))?)");
  private static final Pattern PORT = Pattern.compile("(?:.+_)?PORT");
  private static final Pattern ADDRESS = Pattern.compile("(?:tcp|udp|sctp)://.*");

  private ServiceLinks() {}

  /// True for a variable that Kubernetes or Docker sets for a service of that name.
  ///
  /// @param rest a variable's name after the prefix of the service, such as `FANFARE_`
  public static boolean contain(String rest, String value) {
    return NAMES.matcher(rest).matches()
        || (PORT.matcher(rest).matches() && ADDRESS.matcher(value).matches());
  }
}
