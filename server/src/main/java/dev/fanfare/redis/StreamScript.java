package dev.fanfare.redis;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/// What is done with several keys of one channel at once. Ids are compared as texts, so they are
/// written with nineteen digits where a script compares them ([StreamText#padded]).
enum StreamScript {
  /// Keys: stream, last id, idempotency key or none. Arguments: payload, events, ms to keep, ms
  /// until a quiet channel is forgotten. Returns the id, the previous one, and 1 if it is repeated.
  APPEND(
      """
      if KEYS[3] then
        local known = redis.call('GET', KEYS[3])
        if known then
          local id, previous = string.match(known, '^(%S+) (%S+)$')
          return {id, previous, '1'}
        end
      end
      local previous = redis.call('GET', KEYS[2]) or '0-0'
      local id = redis.call('XADD', KEYS[1], 'MAXLEN', '~', ARGV[2], '*', 'p', previous, 'd', ARGV[1])
      local oldest = tonumber(string.match(id, '^%d+')) - tonumber(ARGV[3])
      redis.call('XTRIM', KEYS[1], 'MINID', '~', string.format('%.0f', oldest))
      redis.call('PEXPIRE', KEYS[1], ARGV[4])
      redis.call('SET', KEYS[2], id, 'PX', ARGV[4])
      if KEYS[3] then
        redis.call('SET', KEYS[3], id .. ' ' .. previous, 'PX', 300000)
      end
      return {id, previous, '0'}
      """),

  /// Keys: stream, last id. The stream remains, so that its ids go on. Returns the number of
  /// entries.
  PURGE(
      """
      local count = redis.call('XTRIM', KEYS[1], 'MAXLEN', 0)
      if redis.call('GET', KEYS[2]) then
        redis.call('SET', KEYS[2], '0-0', 'KEEPTTL')
      end
      return count
      """),

  /// Key: the time since which nothing was lost. Returns it.
  ORIGIN(
      """
      local now = redis.call('TIME')
      redis.call('SET', KEYS[1], string.format('%.0f', now[1] * 1000 + math.floor(now[2] / 1000)), 'NX')
      return redis.call('GET', KEYS[1])
      """),

  /// Key: a narrow identity. Arguments: owner, id, sockets, ms.
  HOLD(
      """
      local known = redis.call('GET', KEYS[1])
      if known and string.match(known, '^%S+') ~= ARGV[1] then
        return 0
      end
      redis.call('SET', KEYS[1], ARGV[1] .. ' ' .. ARGV[2] .. ' ' .. ARGV[3], 'PX', ARGV[4])
      return 1
      """),

  /// Key: a narrow identity. Arguments: owner, ms. Returns id and sockets, or nothing.
  CLAIM(
      """
      local known = redis.call('GET', KEYS[1])
      if not known then
        return false
      end
      local position = string.match(known, '^%S+ (.*)$')
      redis.call('SET', KEYS[1], ARGV[1] .. ' ' .. position, 'PX', ARGV[2])
      return position
      """),

  /// Key: a wide identity. Arguments: padded id, ms, the most that wait.
  LEAVE(
      """
      local time = redis.call('TIME')
      local now = time[1] * 1000 + math.floor(time[2] / 1000)
      redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now)
      redis.call('ZADD', KEYS[1], 'GT', now + ARGV[2], ARGV[1])
      while redis.call('ZCARD', KEYS[1]) > tonumber(ARGV[3]) do
        local two = redis.call('ZRANGE', KEYS[1], 0, 1, 'WITHSCORES')
        redis.call('ZREM', KEYS[1], two[1], two[3])
        redis.call('ZADD', KEYS[1], two[4], two[1] < two[3] and two[1] or two[3])
      end
      local last = redis.call('ZRANGE', KEYS[1], -1, -1, 'WITHSCORES')
      redis.call('PEXPIREAT', KEYS[1], string.format('%.0f', last[2]))
      return 1
      """),

  /// Key: a wide identity. Returns the oldest padded id that waits, or nothing.
  OLDEST(
      """
      local time = redis.call('TIME')
      local now = time[1] * 1000 + math.floor(time[2] / 1000)
      local oldest = false
      for _, id in ipairs(redis.call('ZRANGEBYSCORE', KEYS[1], '(' .. now, '+inf')) do
        if not oldest or id < oldest then
          oldest = id
        end
      end
      return oldest
      """),

  /// Key: cursors. Arguments: ms, the most readers, then each reader and its padded id.
  SEEN(
      """
      local time = redis.call('TIME')
      local now = string.format('%.0f', time[1] * 1000 + math.floor(time[2] / 1000))
      for a = 3, #ARGV, 2 do
        local id = ARGV[a + 1]
        local known = redis.call('HGET', KEYS[1], ARGV[a])
        if known then
          local before = string.match(known, '^%S+')
          id = before > id and before or id
        end
        redis.call('HSET', KEYS[1], ARGV[a], id .. ' ' .. now)
        if redis.call('HLEN', KEYS[1]) > tonumber(ARGV[2]) then
          local all = redis.call('HGETALL', KEYS[1])
          local oldest, since
          for i = 1, #all, 2 do
            local seen = tonumber(string.match(all[i + 1], ' (%d+)$'))
            if all[i] ~= ARGV[a] and (not since or seen < since) then
              oldest, since = all[i], seen
            end
          end
          redis.call('HDEL', KEYS[1], oldest)
        end
      end
      redis.call('PEXPIRE', KEYS[1], ARGV[1])
      return 1
      """),

  /// Key: a value, which begins with its version. Arguments: the version that was read, `-` for
  /// none, the new one, the rest of the value, ms. Returns 1 if it was replaced.
  REPLACE(
      """
      local known = redis.call('GET', KEYS[1])
      local version = known and string.match(known, '^%S+') or '-'
      if version ~= ARGV[1] then
        return 0
      end
      redis.call('SET', KEYS[1], ARGV[2] .. ' ' .. ARGV[3], 'PX', ARGV[4])
      return 1
      """),

  /// Key: an idempotency key. Arguments: value, ms. Returns the value that it had, or nothing.
  KEY_CLAIM(
      """
      local known = redis.call('GET', KEYS[1])
      if known then
        return known
      end
      redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
      return false
      """),

  /// Key: an idempotency key. Arguments: former value, new value, ms. Returns 1 if it has the new
  /// one.
  KEY_SETTLE(
      """
      local known = redis.call('GET', KEYS[1])
      if known and known ~= ARGV[1] then
        return 0
      end
      redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
      return 1
      """),

  /// Key: an idempotency key. Argument: former value. Removes it without the right to `DEL`.
  KEY_ABANDON(
      """
      if redis.call('GET', KEYS[1]) ~= ARGV[1] then
        return 0
      end
      redis.call('PEXPIRE', KEYS[1], 0)
      return 1
      """);

  private final String source;
  private final String digest;

  StreamScript(String source) {
    this.source = source;
    this.digest = sha1(source);
  }

  String source() {
    return source;
  }

  /// The name by which Redis knows it.
  String digest() {
    return digest;
  }

  private static String sha1(String text) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-1").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every JDK has it
    }
  }
}
