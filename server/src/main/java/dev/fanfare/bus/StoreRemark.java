package dev.fanfare.bus;

/// Something that an operator should know about what an engine keeps.
///
/// @param finding what was seen
/// @param remedy what to do; empty if it is no problem
public record StoreRemark(String finding, String remedy) {

  /// Something that is no problem.
  public StoreRemark(String finding) {
    this(finding, "");
  }

  public boolean isWarning() {
    return !remedy.isEmpty();
  }
}
