package dev.fanfare.config;

import dev.fanfare.transport.Network;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Ranges of IP addresses: a list, or one text with commas. No host names: they would be looked up
/// when the server starts, and be somebody else's a day later.
record NetworkList() implements Kind<List<Network>> {

  @Override
  public String allowed() {
    return "IP addresses and ranges such as 10.0.0.0/8 or fd00::/8";
  }

  @Override
  public @Nullable List<Network> parse(String text) {
    List<Network> networks = new ArrayList<>();
    for (String part : text.isBlank() ? new String[0] : text.split(",", -1)) {
      Network network = Network.parse(part.strip());
      if (network == null) {
        return null;
      }
      networks.add(network);
    }
    return networks;
  }

  @Override
  public @Nullable List<Network> read(String name, Written written, Problems problems) {
    if (!(written instanceof Written.Items list)) {
      return Kind.super.read(name, written, problems);
    }
    List<Network> networks = new ArrayList<>();
    for (Written item : list.items()) {
      Network network = item instanceof Written.Scalar scalar ? Network.parse(scalar.text()) : null;
      if (network == null) {
        String text = name + " has " + item.described() + ", but each must be one of " + allowed();
        problems.error(item.source(), text);
      } else {
        networks.add(network);
      }
    }
    return networks.size() == list.items().size() ? networks : null;
  }

  @Override
  public String show(List<Network> value) {
    return value.stream()
        .map(network -> Yaml.scalar(network.toString()))
        .collect(Collectors.joining(", ", "[", "]"));
  }
}
