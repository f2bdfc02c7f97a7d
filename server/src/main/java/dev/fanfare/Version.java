package dev.fanfare;

import picocli.CommandLine.IVersionProvider;

/// The version of this build, as its jar states it.
final class Version implements IVersionProvider {

  @Override
  public String[] getVersion() {
    return new String[] {name()};
  }

  /// `Fanfare 1.2.3`.
  static String name() {
    return "Fanfare " + number();
  }

  /// `1.2.3`.
  static String number() {
    String number = Version.class.getPackage().getImplementationVersion();
    return number == null ? "(not packaged)" : number;
  }
}
