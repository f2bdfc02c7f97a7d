package dev.fanfare.loadtest.cli;

import picocli.CommandLine.IVersionProvider;

/// The version that the build wrote into the jar.
final class Version implements IVersionProvider {

  /// Such as `1.0.0`; `unknown` outside of a jar.
  static String number() {
    String version = Version.class.getPackage().getImplementationVersion();
    return version == null ? "unknown" : version;
  }

  @Override
  public String[] getVersion() {
    return new String[] {"fanfare-loadtest " + number()};
  }
}
