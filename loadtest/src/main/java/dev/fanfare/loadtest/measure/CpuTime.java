package dev.fanfare.loadtest.measure;

/// CPU time of a process, all threads, in seconds.
public record CpuTime(double user, double system) {

  public double total() {
    return user + system;
  }

  public CpuTime since(CpuTime before) {
    return new CpuTime(user - before.user, system - before.system);
  }

  CpuTime plus(CpuTime other) {
    return new CpuTime(user + other.user, system + other.system);
  }
}
