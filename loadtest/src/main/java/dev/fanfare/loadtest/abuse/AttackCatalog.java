package dev.fanfare.loadtest.abuse;

import dev.fanfare.loadtest.attack.AttackKind;
import dev.fanfare.loadtest.attack.connection.AbortedHandshakes;
import dev.fanfare.loadtest.attack.connection.ConnectStorm;
import dev.fanfare.loadtest.attack.connection.HalfTlsHello;
import dev.fanfare.loadtest.attack.connection.ProxyGarbage;
import dev.fanfare.loadtest.attack.connection.SilentSockets;
import dev.fanfare.loadtest.attack.connection.SlowTls;
import dev.fanfare.loadtest.attack.connection.TlsHandshakes;
import dev.fanfare.loadtest.attack.http.ExpensiveQueries;
import dev.fanfare.loadtest.attack.http.ForgedRequests;
import dev.fanfare.loadtest.attack.http.HalfBodies;
import dev.fanfare.loadtest.attack.http.HalfHeads;
import dev.fanfare.loadtest.attack.http.MetricsFlood;
import dev.fanfare.loadtest.attack.http.UnreadAnswers;
import dev.fanfare.loadtest.attack.websocket.CacheFlood;
import dev.fanfare.loadtest.attack.websocket.ClientEvents;
import dev.fanfare.loadtest.attack.websocket.CollidingCrowd;
import dev.fanfare.loadtest.attack.websocket.CompressionBombs;
import dev.fanfare.loadtest.attack.websocket.CostlyJson;
import dev.fanfare.loadtest.attack.websocket.Flapping;
import dev.fanfare.loadtest.attack.websocket.ForgedSubscriptions;
import dev.fanfare.loadtest.attack.websocket.HalfMessages;
import dev.fanfare.loadtest.attack.websocket.HugeNames;
import dev.fanfare.loadtest.attack.websocket.MalformedFrames;
import dev.fanfare.loadtest.attack.websocket.SubscribeLoop;
import dev.fanfare.loadtest.attack.websocket.SubscriptionFlood;
import dev.fanfare.loadtest.attack.websocket.UnreadEvents;
import dev.fanfare.loadtest.attack.websocket.UnreadRefusals;
import java.util.List;

/// All attacks, in the order in which they run.
public final class AttackCatalog {

  private static final int ALL = AttackKind.ALL;
  private static final int FEW = 8;
  private static final int SOME = 64;
  private static final int MANY = 200;

  private static final List<AttackKind> KINDS =
      List.of(
          AttackKind.of("silent", "sockets that send nothing", ALL, new SilentSockets()),
          AttackKind.of("half-hello", "half a TLS ClientHello", ALL, new HalfTlsHello()),
          AttackKind.of("slow-tls", "a TLS ClientHello, byte by byte", ALL, new SlowTls()),
          AttackKind.of("tls-handshakes", "TLS handshakes", SOME, new TlsHandshakes()),
          AttackKind.of("half-heads", "half a request head", ALL, new HalfHeads()),
          AttackKind.of(
              "half-bodies-unknown-key",
              "1 MiB less one byte, unknown key",
              ALL,
              HalfBodies.withUnknownKey()),
          AttackKind.of(
              "half-bodies-unsigned",
              "1 MiB less one byte, no signature",
              ALL,
              HalfBodies.withoutSignature()),
          AttackKind.of(
              "half-bodies-forged",
              "1 MiB less one byte, forged signature",
              ALL,
              HalfBodies.withForgedSignature()),
          AttackKind.of("half-messages", "incomplete WebSocket messages", ALL, new HalfMessages()),
          AttackKind.of(
              "unread-events", "never reads from a busy channel", MANY, new UnreadEvents()),
          AttackKind.of("unread-refusals", "never reads its refusals", MANY, new UnreadRefusals()),
          AttackKind.of("unread-answers", "never reads responses", MANY, new UnreadAnswers()),
          AttackKind.of(
              "subscription-flood", "150,000 subscriptions each", FEW, new SubscriptionFlood()),
          AttackKind.of(
              "subscribe-loop", "joins and leaves one channel", FEW, SubscribeLoop.sameChannel()),
          AttackKind.of(
              "fresh-channels",
              "joins and leaves 20,000 channels",
              FEW,
              SubscribeLoop.freshChannels()),
          AttackKind.of(
              "colliding-names",
              "channels with one hash code, in a loop",
              FEW,
              SubscribeLoop.collidingNames()),
          AttackKind.of(
              "colliding-crowd", "holds channels with one hash code", SOME, new CollidingCrowd()),
          AttackKind.of(
              "colliding-users",
              "users with one hash code, in a loop",
              FEW,
              SubscribeLoop.collidingUsers()),
          AttackKind.of(
              "presence-flapping", "joins and leaves among members", MANY, Flapping.presence()),
          AttackKind.of(
              "count-flapping", "joins and leaves a counted channel", MANY, Flapping.counts()),
          AttackKind.of("queries", "queries of 7,900 parameters", FEW, new ExpensiveQueries()),
          AttackKind.of(
              "bombs", "messages that inflate a thousandfold", FEW, new CompressionBombs()),
          AttackKind.of("big-json", "JSON of 10,000 fields", FEW, CostlyJson.big()),
          AttackKind.of("deep-json", "JSON of 60,000 levels", FEW, CostlyJson.deep()),
          AttackKind.of("frames", "violations of RFC 6455", SOME, new MalformedFrames()),
          AttackKind.of("storm", "connects and closes", SOME, new ConnectStorm()),
          AttackKind.of("aborts", "resets handshakes", SOME, new AbortedHandshakes()),
          AttackKind.of("forged-requests", "forged publishes", FEW, new ForgedRequests()),
          AttackKind.of(
              "forged-subscriptions", "forged subscriptions", FEW, new ForgedSubscriptions()),
          AttackKind.of("client-events", "client events without pause", FEW, ClientEvents.flood()),
          AttackKind.of("huge-names", "names and members of 100 kB", FEW, new HugeNames()),
          AttackKind.of("cache", "events of ever new cache channels", FEW, new CacheFlood()),
          AttackKind.of(
              "hooked-events",
              "10 client events of 9 kB per second each",
              MANY,
              ClientEvents.withinLimits()),
          AttackKind.of("proxy", "broken PROXY headers", SOME, new ProxyGarbage()),
          AttackKind.ofMetrics(
              "metrics",
              "silent and greedy clients of the metrics port",
              MANY,
              new MetricsFlood()));

  private AttackCatalog() {}

  public static List<AttackKind> kinds() {
    return KINDS;
  }

  /// The attack with this name; throws an exception if there is none.
  public static AttackKind kind(String name) {
    return KINDS.stream().filter(kind -> kind.name().equals(name)).findFirst().orElseThrow();
  }
}
