package dev.fanfare.budget;

import java.util.List;

/// The memory that a server may hold on behalf of its peers, divided into shares. Together they are
/// less than there is, so that none of them can use up the process's memory. Any thread.
///
/// By default requests and backlog have a quarter each of the direct memory, webhooks, caches and
/// history an eighth each of the heap, idempotency keys a thirty-second, the console a hundred and
/// twenty-eighth. The rest of the direct memory is for the read buffers of sockets, TLS and the
/// allocator's rounding; the rest of the heap is for connections, subscriptions and work in
/// progress.
public final class Ledger {

  private static final int DIRECT_PART = 4;
  private static final int HEAP_PART = 8;
  private static final int QUEUE_PART = 16;
  private static final int KEYS_PART = 32;
  private static final int CONSOLE_PART = 128;

  private final Share requests;
  private final Share backlog;
  private final Share webhooks;
  private final Share caches;
  private final Share history;
  private final Share keys;
  private final Share console;

  private final long queueBytes;

  private Ledger(LedgerOptions limits, long heapBytes) {
    this.queueBytes = heapBytes / QUEUE_PART;
    this.requests = new Share("requests", "request_memory_bytes", limits.requestMemoryBytes());
    this.backlog = new Share("backlog", "backlog_memory_bytes", limits.backlogMemoryBytes());
    this.webhooks = new Share("webhooks", "webhook_memory_bytes", limits.webhookMemoryBytes());
    this.caches = new Share("caches", "cache_memory_bytes", limits.cacheMemoryBytes());
    this.history = new Share("history", "history_memory_bytes", limits.historyMemoryBytes());
    this.keys = new Share("idempotency", "", heapBytes / KEYS_PART);
    this.console = new Share("console", "", heapBytes / CONSOLE_PART);
  }

  /// A ledger with the limits of `options`, or those derived from `memory`.
  public static Ledger of(LedgerOptions options, Memory memory) {
    return new Ledger(limits(options, memory), memory.heapBytes());
  }

  /// The limits of `options`, with those that are 0 derived from `memory`.
  public static LedgerOptions limits(LedgerOptions options, Memory memory) {
    long direct = memory.directBytes() / DIRECT_PART;
    long heap = memory.heapBytes() / HEAP_PART;
    return new LedgerOptions(
        given(options.requestMemoryBytes(), direct),
        given(options.backlogMemoryBytes(), direct),
        given(options.webhookMemoryBytes(), heap),
        given(options.cacheMemoryBytes(), heap),
        given(options.historyMemoryBytes(), heap));
  }

  private static long given(long bytes, long derived) {
    return bytes == 0 ? derived : bytes;
  }

  /// The most direct memory that requests and backlog may have together.
  public static long maxDirectBytes(Memory memory) {
    return memory.directBytes() / DIRECT_PART * (DIRECT_PART - 1);
  }

  /// The most heap that webhooks, caches and history may have together.
  public static long maxHeapBytes(Memory memory) {
    return memory.heapBytes() / 2;
  }

  /// What has arrived of incomplete requests and messages, and inflated text. Direct memory.
  public Share requests() {
    return requests;
  }

  /// Frames and responses that peers have not read yet. Direct memory.
  public Share backlog() {
    return backlog;
  }

  /// Webhook events that wait in memory. Heap.
  public Share webhooks() {
    return webhooks;
  }

  /// The last events of cache channels. Heap.
  public Share caches() {
    return caches;
  }

  /// The events of channels that a rule for history covers. Heap.
  public Share history() {
    return history;
  }

  /// The idempotency keys of publishers, with what these were answered. Heap; a fixed part of it.
  public Share keys() {
    return keys;
  }

  /// The data of published events, requests to endpoints of webhooks, and figures that the console
  /// shows. Heap; a fixed part of it.
  public Share console() {
    return console;
  }

  /// Heap for published events that the lanes have not delivered yet, of all lanes together. No
  /// share, since lanes count them without synchronization.
  public long queueBytes() {
    return queueBytes;
  }

  /// All shares, in the order of the documentation.
  public List<Share> shares() {
    return List.of(requests, backlog, webhooks, caches, history, keys, console);
  }
}
