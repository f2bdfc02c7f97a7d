package dev.fanfare.transport.websocket;

import io.netty.buffer.AbstractByteBufAllocator;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;

/// An allocator whose n-th buffer cannot be had.
public final class FaultyAllocator extends AbstractByteBufAllocator {

  private final UnpooledByteBufAllocator real = new UnpooledByteBufAllocator(false);
  private final Fault fault;

  public FaultyAllocator(Fault fault) {
    this.fault = fault;
  }

  @Override
  protected ByteBuf newHeapBuffer(int initialCapacity, int maxCapacity) {
    var _ = fault.step();
    return real.heapBuffer(initialCapacity, maxCapacity);
  }

  @Override
  protected ByteBuf newDirectBuffer(int initialCapacity, int maxCapacity) {
    var _ = fault.step();
    return real.directBuffer(initialCapacity, maxCapacity);
  }

  @Override
  public boolean isDirectBufferPooled() {
    return false;
  }

  /// Bytes of buffers that are not released.
  public long usedBytes() {
    return real.metric().usedHeapMemory() + real.metric().usedDirectMemory();
  }
}
