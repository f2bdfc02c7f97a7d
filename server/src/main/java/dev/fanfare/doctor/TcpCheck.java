package dev.fanfare.doctor;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;

/// Connects to every address of the name, for clients take any of them.
final class TcpCheck implements Check {

  @Override
  public Step step() {
    return Step.TCP;
  }

  /// Each address has the usual limit for itself.
  @Override
  public long extraSeconds(DoctorOptions options) {
    return options.timeout().toSeconds() * 3;
  }

  @Override
  public Outcome run(Visit visit, Deadline deadline) throws IOException {
    List<String> good = new ArrayList<>();
    List<String> bad = new ArrayList<>();
    IOException first = null;
    for (InetAddress address : visit.addresses()) {
      String where = address.getHostAddress() + " port " + visit.site().port();
      try {
        visit.dialer(address).tcp(Deadline.in(visit.options().timeout())).close();
        if (good.isEmpty()) {
          visit.address(address);
        }
        good.add(where);
      } catch (IOException e) {
        first = first == null ? e : first;
        bad.add(where + ": " + what(e));
      }
    }
    if (first == null) {
      return new Outcome.Passed("connected to " + String.join(", ", good));
    }
    return good.isEmpty()
        ? new Outcome.Failed(String.join("; ", bad), remedy(first, visit.site()))
        : new Outcome.Warned(
            "connected to " + String.join(", ", good) + ", but not to " + String.join("; ", bad),
            "Clients take any address of the name, and wait when they take this one: "
                + remedy(first, visit.site())
                + " Or remove the address from the name.");
  }

  private static String what(IOException e) {
    String message = String.valueOf(e.getMessage());
    return switch (e) {
      case SocketTimeoutException _ -> "no answer in time";
      case ConnectException _ when message.contains("refused") -> "refused";
      case ConnectException _ when message.contains("timed out") -> "no answer in time";
      default -> message;
    };
  }

  private static String remedy(IOException e, Site site) {
    return switch (what(e)) {
      case "refused" ->
          "The machine is there, but nothing listens on port "
              + site.port()
              + ": start the server or the proxy, check its port (Fanfare's is 6001 by default) and"
              + " that it does not listen on 127.0.0.1 only. In a container, publish the port.";
      case "no answer in time" ->
          "Usually a firewall or a security group drops packets to port "
              + site.port()
              + ", or the address is an old one.";
      default -> "There is no way from here to that address; look at routes and at IPv6.";
    };
  }
}
