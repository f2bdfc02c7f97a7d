package dev.fanfare.doctor.step;

import dev.fanfare.doctor.report.Outcome;
import dev.fanfare.doctor.report.Step;
import dev.fanfare.doctor.wire.Deadline;
import dev.fanfare.doctor.wire.Site;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;

/// Connects to every address of the host name, because clients may use any of them.
public final class TcpCheck implements Check {

  @Override
  public Step step() {
    return Step.TCP;
  }

  /// Each address has the usual limit.
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
          visit.setAddress(address);
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
            "Clients may use any address of the name, and will wait for this one: "
                + remedy(first, visit.site())
                + " Or remove the address from DNS.");
  }

  private static String what(IOException e) {
    String message = String.valueOf(e.getMessage());
    return switch (e) {
      case SocketTimeoutException _ -> "no response in time";
      case ConnectException _ when message.contains("refused") -> "refused";
      case ConnectException _ when message.contains("timed out") -> "no response in time";
      default -> message;
    };
  }

  private static String remedy(IOException e, Site site) {
    return switch (what(e)) {
      case "refused" ->
          "The machine is reachable, but nothing listens on port "
              + site.port()
              + ": start the server or the proxy, check its port (Fanfare's default is 6001) and"
              + " that it does not listen on 127.0.0.1 only. In a container, publish the port.";
      case "no response in time" ->
          "Usually a firewall or a security group drops packets to port "
              + site.port()
              + ", or the address is outdated.";
      default -> "There is no route to that address; check routing and IPv6.";
    };
  }
}
