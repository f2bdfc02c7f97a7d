package dev.fanfare.app;

/// One app for as long as anything refers to it: the same object before and after a reload, and
/// after a removal that was undone. Whatever outlives a request keeps this object, and asks it for
/// the current options when it uses them. Any thread.
public final class LiveApp implements Lookup.Settled {

  private final String id;
  private volatile App current;
  private volatile boolean isRemoved;

  public LiveApp(App current) {
    this.id = current.id();
    this.current = current;
  }

  /// The same as [App#id]; never changes.
  public String id() {
    return id;
  }

  /// The app with its current options; the last ones if it was removed. One volatile read.
  public App current() {
    return current;
  }

  /// True while the app is not configured.
  public boolean isRemoved() {
    return isRemoved;
  }

  /// Replaces the options; undoes a removal.
  void update(App next) {
    current = next;
    isRemoved = false;
  }

  void remove() {
    isRemoved = true;
  }

  /// For logs; contains no secret.
  @Override
  public String toString() {
    return "app " + id;
  }
}
