package dev.fanfare.protocol;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/// The cost of messages: reading a client's frame, writing an event, checking a request's
/// signature.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class WireBenchmark {

  private static final String DATA = "{\"id\":1,\"text\":\"" + "x".repeat(100) + "\"}";

  private final byte[] clientEvent =
      ("{\"event\":\"client-typing\",\"channel\":\"presence-room\",\"data\":" + DATA + "}")
          .getBytes(StandardCharsets.UTF_8);
  private final byte[] subscribe =
      "{\"event\":\"pusher:subscribe\",\"data\":{\"auth\":\"\",\"channel\":\"my-channel\"}}"
          .getBytes(StandardCharsets.UTF_8);
  private final byte[] publish =
      ("{\"name\":\"my-event\",\"channels\":[\"my-channel\"],\"data\":\""
              + DATA.replace("\"", "\\\"")
              + "\"}")
          .getBytes(StandardCharsets.UTF_8);
  private final ServerMessage event = new ServerMessage.Event("my-channel", "my-event", DATA, null);
  private final Signature signature = Signature.ofSecret("7ad3773142a6692b25b8");
  private final String query =
      "auth_key=278d425bdf160c739803&auth_timestamp=1353088179&auth_version=1.0"
          + "&body_md5=ec365a775a4cd0599faeb73354201b6f&auth_signature=00";
  private final String signed =
      signature.sign(
          Signature.request(
              "POST", "/apps/3/events", Query.parse(query).toSign(Query.Arrays.JOINED)));

  @Benchmark
  public ClientMessage readClientEvent() {
    return MessageReader.read(clientEvent, Limits.HOSTED);
  }

  @Benchmark
  public ClientMessage readSubscribe() {
    return MessageReader.read(subscribe, Limits.HOSTED);
  }

  @Benchmark
  public Parsed<HttpApi.EventRequest> readPublish() {
    return HttpApi.readEvent(publish);
  }

  @Benchmark
  public byte[] writeEvent() {
    return MessageWriter.write(event);
  }

  @Benchmark
  public String md5OfBody() {
    return Signature.md5(publish);
  }

  @Benchmark
  public boolean checkRequestSignature() {
    String toSign = Query.parse(query).toSign(Query.Arrays.JOINED);
    return signature.matches(Signature.request("POST", "/apps/3/events", toSign), signed);
  }
}
