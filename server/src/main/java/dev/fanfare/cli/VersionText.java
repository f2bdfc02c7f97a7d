package dev.fanfare.cli;

import dev.fanfare.node.Version;
import picocli.CommandLine.IVersionProvider;

/// What `fanfare --version` prints.
final class VersionText implements IVersionProvider {

  @Override
  public String[] getVersion() {
    return new String[] {Version.text()};
  }
}
