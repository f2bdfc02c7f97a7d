package dev.fanfare.cluster;

/// A defect on purpose: a node that keeps no recent events.
public final class ForgetfulMesh {

  private ForgetfulMesh() {}

  /// Such a node; the arguments are those of [Mesh].
  public static Mesh create(MeshOptions options, long life, MeshPorts ports, long nowNs) {
    return new Mesh(new MeshParts(options, life, ports, new Recent(0), nowNs), nowNs);
  }
}
