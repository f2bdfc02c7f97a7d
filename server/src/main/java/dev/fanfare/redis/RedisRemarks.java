package dev.fanfare.redis;

import dev.fanfare.bus.EngineOptions;
import dev.fanfare.bus.EngineUrl;
import dev.fanfare.bus.StoreRemark;
import io.lettuce.core.RedisClient;
import io.lettuce.core.resource.ClientResources;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// What the settings of a Redis mean for what it keeps.
public final class RedisRemarks {

  private static final String NO_EVICTION = "noeviction";

  private RedisRemarks() {}

  /// Asks the first Redis that answers. Blocks for some seconds at most for each URL.
  public static List<StoreRemark> of(EngineOptions options) throws InterruptedException {
    RedisSettings settings = new RedisSettings(options);
    ClientResources resources = RedisSettings.resources("fanfare-remarks-");
    RedisClient client = RedisClient.create(resources);
    try {
      for (EngineUrl url : options.urls()) {
        try {
          client.setOptions(settings.client(url));
          StreamsLink link =
              StreamsLink.connect(client, resources, settings.uri(url), url, RedisSettings.TIMEOUT);
          try {
            return of(link);
          } finally {
            link.close();
          }
        } catch (IOException e) {
          // another one may answer
        }
      }
      return List.of();
    } finally {
      RedisSettings.release(client, resources);
    }
  }

  private static List<StoreRemark> of(StreamsLink link) throws InterruptedException {
    Map<String, String> settings = new TreeMap<>();
    try {
      settings.putAll(
          RedisLink.finish(
              link.commands().configGet("maxmemory*").toCompletableFuture(),
              RedisSettings.TIMEOUT));
    } catch (IOException e) { // managed services often have INFO only
      try {
        String info =
            RedisLink.finish(
                link.commands().info("memory").toCompletableFuture(), RedisSettings.TIMEOUT);
        for (String line : info.lines().filter(each -> each.startsWith("maxmemory")).toList()) {
          String[] parts = line.split(":", 2);
          settings.put(parts[0].replace("_policy", "-policy"), parts[1].strip());
        }
      } catch (IOException refused) {
        // neither
      }
    }
    return of(settings);
  }

  /// @param settings those whose names begin with `maxmemory`
  static List<StoreRemark> of(Map<String, String> settings) {
    String policy = settings.getOrDefault("maxmemory-policy", "");
    String most = settings.getOrDefault("maxmemory", "");
    if (policy.isEmpty()) {
      return List.of(
          new StoreRemark("the user may not read maxmemory-policy, which must be noeviction"));
    }
    List<StoreRemark> remarks = new ArrayList<>();
    boolean isBounded = !most.isEmpty() && !most.equals("0");
    if (!policy.equals(NO_EVICTION)) {
      String consequence =
          isBounded
              ? "Redis drops history when its memory is used up"
              : "Redis would drop history once maxmemory is set";
      remarks.add(
          new StoreRemark(
              "maxmemory-policy is " + policy + ": " + consequence,
              "CONFIG SET maxmemory-policy noeviction"));
    } else {
      remarks.add(
          new StoreRemark(
              isBounded ? "nothing is evicted from " + most + " bytes" : "nothing is evicted"));
    }
    return remarks;
  }
}
