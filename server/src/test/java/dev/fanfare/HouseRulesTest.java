package dev.fanfare;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.fanfare.observe.Component;
import dev.fanfare.observe.NanoClock;
import dev.fanfare.protocol.JsonDocument;
import dev.fanfare.protocol.Signature;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.bouncycastle.util.Arrays;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/// The rules of docs/architecture.md as code: who may import whom, where libraries stay, how big
/// things may get.
final class HouseRulesTest {

  private static final JavaClasses CODE =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("dev.fanfare");

  private static final List<String> WORDS =
      List.of("app", "observe", "log", "presence", "bus", "budget", "history");
  private static final List<String> CORE = List.of("auth", "channel", "session", "cluster");
  private static final List<String> EDGES =
      List.of(
          "transport",
          "http",
          "tls",
          "acme",
          "redis",
          "nats",
          "sql",
          "webhook",
          "metrics",
          "console",
          "telemetry",
          "doctor");

  /// Arrows between packages of one layer; there are no others.
  private static final Map<String, List<String>> SIDEWAYS =
      Map.ofEntries(
          Map.entry("observe", List.of("app")),
          Map.entry("bus", List.of("app", "observe")),
          Map.entry("history", List.of("app", "budget", "observe")),
          Map.entry("log", List.of("observe")),
          Map.entry("session", List.of("channel", "auth")),
          Map.entry("cluster", List.of("channel", "session")),
          Map.entry("transport", List.of("http", "tls")),
          Map.entry("acme", List.of("tls")),
          Map.entry("redis", List.of("tls")),
          Map.entry("nats", List.of("tls")),
          Map.entry("http", List.of("webhook")),
          Map.entry("metrics", List.of("webhook")),
          Map.entry("console", List.of("http", "tls", "webhook")));

  /// The rooms of packages that are divided, each with the rooms of the same package that it may
  /// use.
  private static final Map<String, List<String>> ROOMS =
      Map.ofEntries(
          Map.entry("transport.address", List.of()),
          Map.entry("transport.memory", List.of()),
          Map.entry("transport", List.of("transport.address", "transport.memory")),
          Map.entry("transport.tls", List.of("transport", "transport.memory")),
          Map.entry(
              "transport.websocket", List.of("transport", "transport.address", "transport.memory")),
          Map.entry(
              "transport.fallback",
              List.of("transport", "transport.address", "transport.memory", "transport.websocket")),
          Map.entry(
              "transport.http",
              List.of(
                  "transport",
                  "transport.address",
                  "transport.fallback",
                  "transport.memory",
                  "transport.tls",
                  "transport.websocket")),
          Map.entry(
              "transport.server",
              List.of(
                  "transport",
                  "transport.address",
                  "transport.fallback",
                  "transport.memory",
                  "transport.tls",
                  "transport.websocket",
                  "transport.http")),
          Map.entry("http.once", List.of()),
          Map.entry("http", List.of("http.once")),
          Map.entry("http.operator", List.of("http")),
          Map.entry("channel.lane", List.of()),
          Map.entry("channel", List.of("channel.lane")),
          Map.entry("cluster.loop", List.of("cluster", "cluster.datagram")),
          Map.entry("config.value", List.of()),
          Map.entry("config.schema", List.of("config.value")),
          Map.entry("config.layer", List.of("config.value", "config.schema")),
          Map.entry("config.foreign", List.of("config.value", "config.schema", "config.layer")),
          Map.entry(
              "config", List.of("config.value", "config.schema", "config.layer", "config.foreign")),
          Map.entry("doctor.wire", List.of()),
          Map.entry("doctor.report", List.of("doctor.wire")),
          Map.entry("doctor.step", List.of("doctor.wire", "doctor.report")),
          Map.entry("doctor.engine", List.of("doctor.report")),
          Map.entry("doctor", List.of("doctor.wire", "doctor.report", "doctor.step")),
          Map.entry("history", List.of()),
          Map.entry("history.segment", List.of("history")),
          Map.entry("history.mailbox", List.of("history")),
          Map.entry("history.disk", List.of("history", "history.mailbox", "history.segment")),
          Map.entry("history.shared", List.of("history", "history.mailbox")),
          Map.entry("cli.banner", List.of()),
          Map.entry("cli.console", List.of()),
          Map.entry("cli", List.of("cli.banner", "cli.console")),
          Map.entry("console.arm", List.of()),
          Map.entry("console.detective", List.of()),
          Map.entry("console.figure", List.of("console.row")),
          Map.entry("console.login", List.of()),
          Map.entry("console.row", List.of()),
          Map.entry("console.route", List.of("console.login")),
          Map.entry(
              "console.act",
              List.of("console.arm", "console.login", "console.route", "console.row")),
          Map.entry("console.site", List.of()),
          Map.entry("console.peers", List.of()),
          Map.entry(
              "console",
              List.of(
                  "console.act",
                  "console.arm",
                  "console.detective",
                  "console.figure",
                  "console.login",
                  "console.peers",
                  "console.route",
                  "console.row",
                  "console.site")),
          Map.entry("node.warm", List.of()),
          Map.entry("node", List.of("node.warm")),
          Map.entry("cluster.datagram", List.of()),
          Map.entry("cluster", List.of("cluster.datagram")),
          Map.entry("webhook.outbox", List.of()),
          Map.entry("webhook.disk", List.of("webhook.outbox")),
          Map.entry("webhook.courier", List.of("webhook.outbox")),
          Map.entry("webhook", List.of("webhook.outbox", "webhook.disk", "webhook.courier")));

  @Test
  void roomsPointDown() {
    ROOMS.forEach((room, below) -> {
      List<String> allowed =
          Stream.concat(below.stream(), Stream.of(room))
              .map(name -> "dev.fanfare." + name)
              .toList();
      String parent = room.contains(".") ? room.substring(0, room.indexOf('.')) : room;
      noClasses()
          .that(resideInAPackage("dev.fanfare." + room))
          .should()
          .dependOnClassesThat(
              resideInAPackage("dev.fanfare." + parent + "..")
                  .and(
                      JavaClass.Predicates.resideOutsideOfPackages(allowed.toArray(String[]::new))))
          .check(CODE);
    });
  }

  @Test
  void everyRoomHasARule() {
    List<String> divided =
        CODE.stream()
            .map(JavaClass::getPackageName)
            .filter(name -> !name.startsWith("dev.fanfare.loadtest"))
            .map(name -> name.replace("dev.fanfare.", ""))
            .filter(name -> name.contains("."))
            .distinct()
            .toList();
    assertThat(divided).isNotEmpty();
    assertThat(ROOMS.keySet()).containsAll(divided);
  }

  @Test
  void layersPointDown() {
    for (String word : WORDS) {
      onlyDependsOn(word, List.of());
    }
    for (String core : CORE) {
      onlyDependsOn(core, WORDS);
    }
    for (String edge : EDGES) {
      onlyDependsOn(edge, Stream.concat(WORDS.stream(), CORE.stream()).toList());
    }
    noClasses()
        .that(resideInAPackage("dev.fanfare.node.."))
        .should()
        .dependOnClassesThat(
            resideInAnyPackage("dev.fanfare.cli..", "dev.fanfare.config..", "dev.fanfare.doctor.."))
        .because("a server is given its options as values")
        .check(CODE);
    noClasses()
        .that(resideInAPackage("dev.fanfare.config.."))
        .should()
        .dependOnClassesThat(
            resideInAnyPackage("dev.fanfare.cli..", "dev.fanfare.node..", "dev.fanfare.doctor.."))
        .check(CODE);
  }

  private static void onlyDependsOn(String name, List<String> below) {
    List<String> allowed =
        Stream.of(
                below.stream(),
                SIDEWAYS.getOrDefault(name, List.of()).stream(),
                Stream.of(name, "protocol"))
            .flatMap(s -> s)
            .map(p -> "dev.fanfare." + p + "..")
            .toList();
    noClasses()
        .that(resideInAPackage("dev.fanfare." + name + ".."))
        .should()
        .dependOnClassesThat(
            resideInAPackage("dev.fanfare..")
                .and(JavaClass.Predicates.resideOutsideOfPackages(allowed.toArray(String[]::new))))
        .allowEmptyShould(true)
        .check(CODE);
  }

  @Test
  void packagesHaveNoCycles() {
    slices().matching("dev.fanfare.(**)").should().beFreeOfCycles().check(CODE);
  }

  @Test
  void librariesStayInTheirPackages() {
    stays("io.netty..", "dev.fanfare.transport..", "dev.fanfare.loadtest..");
    stays("io.lettuce..", "dev.fanfare.redis..");
    stays("io.nats..", "dev.fanfare.nats..");
    stays("org.shredzone..", "dev.fanfare.acme..");
    stays("com.zaxxer..", "dev.fanfare.sql..");
    stays("org.postgresql..", "dev.fanfare.sql..");
    stays("org.mariadb..", "dev.fanfare.sql..");
    stays("java.sql..", "dev.fanfare.sql..");
    // ApiClient and ConsoleClient; what acme4j asks for
    stays(
        "java.net.http..",
        "dev.fanfare.webhook.courier..",
        "dev.fanfare.cli..",
        "dev.fanfare.acme..");
    stays("io.micrometer..", "dev.fanfare.metrics..");
    stays("io.prometheus..", "dev.fanfare.metrics..");
    stays("tools.jackson.core..", "dev.fanfare.protocol..", "dev.fanfare.config..");
    stays(
        "tools.jackson.databind..",
        "dev.fanfare.protocol..",
        "dev.fanfare.config..",
        "dev.fanfare.http..",
        "dev.fanfare.doctor..",
        "dev.fanfare.cli..",
        "dev.fanfare.loadtest.report..");
    stays("org.snakeyaml..", "dev.fanfare.config.layer..");
    stays("picocli..", "dev.fanfare.cli..", "dev.fanfare.loadtest..");
    stays("ch.qos.logback..", "dev.fanfare.log..");
    // Signatures; passwords; and keys in the two ways of writing that the JDK does not read.
    stays(
        "org.bouncycastle..",
        "dev.fanfare.protocol..",
        "dev.fanfare.console.login..",
        "dev.fanfare.tls..");
    stays("org.h2..", "dev.fanfare.webhook.disk..");
    stays("com.google.re2j..", "dev.fanfare.app..");
  }

  private static void stays(String library, String... rooms) {
    noClasses()
        .that(
            resideInAPackage("dev.fanfare..")
                .and(JavaClass.Predicates.resideOutsideOfPackages(rooms)))
        .should()
        .dependOnClassesThat(resideInAnyPackage(library))
        .check(CODE);
  }

  @Test
  void onlyJsonClassesOfTheProtocolUseTheJsonLibrary() {
    noClasses()
        .that(
            resideInAPackage("dev.fanfare.protocol..")
                .and(
                    com.tngtech.archunit.base.DescribedPredicate.describe(
                        "are not Json", c -> !c.getName().startsWith("dev.fanfare.protocol.Json"))))
        .should()
        .dependOnClassesThat(resideInAnyPackage("tools.jackson.."))
        .check(CODE);
  }

  /// Trees are for rare calls. Events, and questions that monitors repeat, are streamed.
  @Test
  void theApiBuildsTreesForWebhooksOnly() {
    noClasses()
        .that()
        .resideInAPackage("dev.fanfare.http..")
        .and()
        .haveSimpleNameNotStartingWith("Webhook")
        .should()
        .dependOnClassesThat(
            resideInAPackage("tools.jackson..").or(JavaClass.Predicates.type(JsonDocument.class)))
        .check(CODE);
  }

  /// Time cannot be asserted, so the calls are: those who check signatures never make the right one
  /// to compare it themselves.
  @Test
  void signaturesAreComparedInOnePlaceAndInConstantTime() {
    noClasses()
        .that(resideInAPackage("dev.fanfare.auth.."))
        .should()
        .callMethod(Signature.class, "sign", String.class)
        .orShould()
        .callMethod(Signature.class, "sign", byte[].class)
        .orShould()
        .callMethod(Signature.class, "matches", String.class, String.class)
        .because("an app may have two secrets, and App.isSigned always tries both")
        .check(CODE);
    classes()
        .that()
        .areAssignableTo(Signature.class)
        .should()
        .callMethod(Arrays.class, "constantTimeAreEqual", byte[].class, byte[].class)
        .check(CODE);
  }

  /// Else a test could not hold the time, and nothing would say which clock a number is from.
  @Test
  void theClockOfTheMachineIsReadBehindNanoClock() {
    noClasses()
        .that()
        .resideOutsideOfPackage("dev.fanfare.loadtest..")
        .and()
        .doNotHaveFullyQualifiedName(NanoClock.class.getName())
        .should()
        .callMethod(System.class, "nanoTime")
        .check(CODE);
  }

  @Test
  void noClassIsCalledManagerUtilOrImpl() {
    noClasses().should().haveNameMatching(".*(Manager|Utils?|Impl|Helper)").check(CODE);
  }

  /// The names in log lines are documented, so they must not be those of classes.
  @Test
  void onlyComponentsHaveLoggers() {
    noClasses()
        .that()
        .doNotHaveFullyQualifiedName(Component.class.getName())
        .and()
        .resideOutsideOfPackage("dev.fanfare.loadtest..")
        .should()
        .callMethod(LoggerFactory.class, "getLogger", Class.class)
        .orShould()
        .callMethod(LoggerFactory.class, "getLogger", String.class)
        .check(CODE);
  }

  @Test
  void concreteClassesAreFinal() {
    classes()
        .that()
        .areTopLevelClasses()
        .and()
        .areNotInterfaces()
        .and()
        .doNotHaveModifier(com.tngtech.archunit.core.domain.JavaModifier.ABSTRACT)
        .and()
        .areNotEnums()
        .and()
        .haveSimpleNameNotEndingWith("Builder") // generated
        .should()
        .haveModifier(com.tngtech.archunit.core.domain.JavaModifier.FINAL)
        .check(CODE);
  }
}
