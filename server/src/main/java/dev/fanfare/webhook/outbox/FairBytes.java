package dev.fanfare.webhook.outbox;

import dev.fanfare.budget.Share;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// A number of bytes that several holders, such as apps, divide among themselves. One holder may
/// have at most four times what it leaves free, so one alone gets four fifths, and there is always
/// room for the others, however much the first one would like to have. Any thread.
///
/// @param <K> identifies a holder
public final class FairBytes<K> {

  private static final long SHARE_OF_FREE = 4;

  private final long limit;
  private final @Nullable Share share;
  private final AtomicLong used = new AtomicLong();
  private final ConcurrentMap<K, AtomicLong> byHolder = new ConcurrentHashMap<>();

  /// @param limit bytes of all holders together
  public FairBytes(long limit) {
    this(limit, null);
  }

  /// @param share of which these bytes are a part
  public FairBytes(long limit, @Nullable Share share) {
    this.limit = limit;
    this.share = share;
  }

  /// Reserves bytes, or returns false if the holder would have more than its part.
  public boolean reserve(K holder, long bytes) {
    AtomicLong own = byHolder.computeIfAbsent(holder, _ -> new AtomicLong());
    long ownNow = own.addAndGet(bytes);
    long usedNow = used.addAndGet(bytes);
    if (ownNow <= SHARE_OF_FREE * (limit - usedNow) && (share == null || share.reserve(bytes))) {
      return true;
    }
    own.addAndGet(-bytes);
    used.addAndGet(-bytes);
    return false;
  }

  /// Counts bytes that cannot be refused.
  public void add(K holder, long bytes) {
    byHolder.computeIfAbsent(holder, _ -> new AtomicLong()).addAndGet(bytes);
    used.addAndGet(bytes);
    if (share != null) {
      share.add(bytes);
    }
  }

  /// Returns bytes that were reserved or added.
  public void release(K holder, long bytes) {
    byHolder.computeIfAbsent(holder, _ -> new AtomicLong()).addAndGet(-bytes);
    used.addAndGet(-bytes);
    if (share != null) {
      share.release(bytes);
    }
  }

  /// False if [#reserve] would refuse; `pending` bytes of all holders, of which the holder has
  /// `own`, are about to be added.
  public boolean admits(K holder, long own, long pending) {
    return used(holder) + own <= SHARE_OF_FREE * (limit - used.get() - pending);
  }

  public long used() {
    return used.get();
  }

  public long used(K holder) {
    AtomicLong own = byHolder.get(holder);
    return own == null ? 0 : own.get();
  }

  public long limit() {
    return limit;
  }
}
