package dev.fanfare;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.testing.Reach;
import java.io.File;
import java.io.IOException;
import java.lang.module.Configuration;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.lang.module.ResolvedModule;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// `target/fanfare.jar`, which leaves out much of the libraries, and the runtime that leaves out
/// much of the JDK: neither lacks what can be reached from here. Runs once the jar is made: `mvn
/// verify -Dtest=JarTest`.
@Tag("jar")
final class JarTest {

  private static final Pattern SERVICES = Pattern.compile("META-INF/services/[^/]+");
  private static final Pattern LOGBACK = Pattern.compile("logback\\.xml");
  private static final Pattern CLASS_ATTRIBUTE = Pattern.compile("class=\"([\\w.]+)\"");

  /// Used by libraries only where they are present, or only named. Lettuce and Reactor measure
  /// themselves on request, jnats logs in with NKeys on request, and Netty's own look-up of host
  /// names is replaced by the JDK's. Netty reads keys with Bouncy Castle, but gets keys that were
  /// read already; it knows SCTP by its name. Data binding lists classes that it refuses to make,
  /// and reads annotations of JavaBeans and values of SQL if it can. The driver of PostgreSQL
  /// offers its points as those of AWT; both drivers use JNA, if it is there, for Unix sockets and
  /// logins of Windows. acme4j makes requests for certificates, compares and revokes certificates
  /// with Bouncy Castle's packages for PKIX, which are not in the jar; Netty would read keys with
  /// them.
  private static final List<String> OPTIONAL =
      List.of(
          "jdk.jfr.",
          "org.jetbrains.annotations.",
          "org.bouncycastle.asn1.pkcs.PrivateKeyInfo <- io.netty.",
          "org.bouncycastle.jce.provider.BouncyCastleProvider <- io.netty.",
          "org.bouncycastle.cert.",
          "org.bouncycastle.openssl.",
          "org.bouncycastle.operator.",
          "org.bouncycastle.pkcs.",
          "org.bouncycastle.asn1.nist.NISTObjectIdentifiers <- org.shredzone.acme4j.Certificate",
          "org.bouncycastle.asn1.ocsp.CertID <- org.shredzone.acme4j.Certificate",
          "org.bouncycastle.asn1.x509.AlgorithmIdentifier <- org.shredzone.acme4j.Certificate",
          "org.bouncycastle.asn1.x509.AuthorityKeyIdentifier <- org.shredzone.acme4j.toolbox.",
          "org.bouncycastle.asn1.x509.Certificate <- org.shredzone.acme4j.toolbox.AcmeUtils",
          "org.bouncycastle.jce.provider.BouncyCastleProvider <- org.shredzone.acme4j.Certificate",
          "org.shredzone.acme4j.util.",
          "org.bouncycastle.crypto.params.Ed25519PrivateKeyParameters <- io.nats.client.NKey",
          "org.bouncycastle.crypto.params.Ed25519PublicKeyParameters <- io.nats.client.NKey",
          "org.bouncycastle.crypto.signers.Ed25519Signer <- io.nats.client.NKey",
          "jdk.net.ExtendedSocketOptions <- io.lettuce.",
          "com.sun.jndi.dns.DnsContextFactory <- io.netty.resolver.dns.",
          "io.netty.handler.codec.LengthFieldBasedFrameDecoder <- io.netty.handler.codec.dns.",
          "io.netty.handler.logging.LogLevel <- io.netty.resolver.dns.",
          "io.netty.resolver.dns.macos.MacOSDnsServerAddressStreamProvider <- io.netty.resolver.",
          "io.micrometer.core.instrument.binder.jvm.ExecutorServiceMetrics <- reactor.",
          "io.micrometer.core.instrument.composite.CompositeMeterRegistry <- reactor.",
          "com.sun.nio.sctp.SctpChannel <- io.netty.",
          "com.sun.rowset.JdbcRowSetImpl <- tools.jackson.databind.jsontype.impl.SubTypeValidator",
          "java.rmi.server.UnicastRemoteObject <- tools.jackson.databind.jsontype.impl.",
          "javax.swing.JEditorPane <- tools.jackson.databind.jsontype.impl.SubTypeValidator",
          "javax.swing.JTextPane <- tools.jackson.databind.jsontype.impl.SubTypeValidator",
          "com.sun.jna.",
          "java.beans.",
          "java.awt.Point <- org.postgresql.geometric.PGpoint",
          "javax.sql.rowset.serial.SerialBlob <- tools.jackson.databind.ext.sql.");

  private Reach reach;

  @BeforeEach
  void walk() throws IOException {
    reach = new Reach(Path.of("target/fanfare.jar"));
    reach.walk(
        reach.classes().stream()
            .filter(name -> name.startsWith("dev.fanfare."))
            .collect(Collectors.toSet()));
    reach.walk(namedInResources());
  }

  /// Classes that are named by services files and by logback.xml.
  private Set<String> namedInResources() throws IOException {
    Set<String> names = new HashSet<>();
    for (String text : reach.texts(SERVICES).values()) {
      text.lines()
          .map(line -> line.replaceFirst("#.*", "").strip())
          .filter(line -> !line.isEmpty())
          .forEach(names::add);
    }
    for (String text : reach.texts(LOGBACK).values()) {
      CLASS_ATTRIBUTE.matcher(text).results().forEach(match -> names.add(match.group(1)));
    }
    return names;
  }

  @Test
  void whatLibrariesAreLeftWithIsEnough() throws IOException {
    Set<String> libraries = new HashSet<>();
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
      if (entry.endsWith(".jar")) {
        libraries.addAll(new Reach(Path.of(entry)).classes());
      }
    }
    assertThat(withoutOptional(reach.missing(libraries))).isEmpty();
  }

  @Test
  void whatIsLoadedByNameIsThere() throws IOException {
    assertThat(namedInResources())
        .contains("ch.qos.logback.classic.spi.LogbackServiceProvider")
        .contains("ch.qos.logback.classic.AsyncAppender");
    assertThat(reach.classes()).containsAll(namedInResources());
  }

  @Test
  void theRuntimeHasTheModulesThatAreReached() throws IOException {
    Set<String> packages = packages(modules());
    Set<String> ofTheJdk = packages(all());
    Collection<String> lacking = new TreeSet<>();
    reach
        .outside()
        .forEach((name, from) -> {
          String itsPackage = name.substring(0, Math.max(0, name.lastIndexOf('.')));
          if (ofTheJdk.contains(itsPackage) && !packages.contains(itsPackage)) {
            lacking.add(name + " <- " + from);
          }
        });
    assertThat(withoutOptional(lacking)).isEmpty();
  }

  private static Collection<String> withoutOptional(Collection<String> names) {
    return names.stream().filter(name -> OPTIONAL.stream().noneMatch(name::startsWith)).toList();
  }

  private static List<String> modules() throws IOException {
    return Files.readAllLines(Path.of("../docker/dist/modules")).stream()
        .filter(line -> !line.startsWith("#"))
        .toList();
  }

  private static List<String> all() {
    return ModuleFinder.ofSystem().findAll().stream()
        .map(module -> module.descriptor().name())
        .toList();
  }

  /// The packages of these modules and of those that they cannot be without.
  private static Set<String> packages(Collection<String> modules) {
    Configuration configuration =
        Configuration.empty().resolve(ModuleFinder.ofSystem(), ModuleFinder.of(), modules);
    return configuration.modules().stream()
        .map(ResolvedModule::reference)
        .map(module -> module.descriptor())
        .map(ModuleDescriptor::packages)
        .flatMap(Set::stream)
        .collect(Collectors.toSet());
  }
}
