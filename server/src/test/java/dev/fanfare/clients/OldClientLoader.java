package dev.fanfare.clients;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Defines the test classes anew beside the old Java client and the libraries of its time. What
/// neither the tests nor those jars have comes from the class path: the server, JUnit, the log.
final class OldClientLoader extends URLClassLoader {

  static final OldClientLoader SHARED = new OldClientLoader();

  static {
    registerAsParallelCapable();
  }

  private OldClientLoader() {
    super("old-java-client", urls(), OldClientLoader.class.getClassLoader());
  }

  /// Own classes first, unlike any other class loader.
  @Override
  protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
    synchronized (getClassLoadingLock(name)) {
      Class<?> known = findLoadedClass(name);
      if (known != null) {
        return known;
      }
      return findResource(name.replace('.', '/') + ".class") == null
          ? super.loadClass(name, resolve)
          : findClass(name);
    }
  }

  /// Own resources first: the client reads its version from one.
  @Override
  public @Nullable URL getResource(String name) {
    URL own = findResource(name);
    return own == null ? super.getResource(name) : own;
  }

  private static URL[] urls() {
    List<URL> urls = new ArrayList<>();
    try {
      URL tests = OldClientLoader.class.getProtectionDomain().getCodeSource().getLocation();
      urls.add(tests);
      Path jars = Path.of(tests.toURI()).resolveSibling("java-client-" + JavaClientVersions.OLD);
      try (DirectoryStream<Path> files = Files.newDirectoryStream(jars, "*.jar")) {
        for (Path jar : files) {
          // The client logs through the slf4j of the class path, which has somebody listening.
          if (!jar.getFileName().toString().startsWith("slf4j")) {
            urls.add(jar.toUri().toURL());
          }
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("mvn generate-test-resources puts the jars there", e);
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
    return urls.toArray(URL[]::new);
  }
}
