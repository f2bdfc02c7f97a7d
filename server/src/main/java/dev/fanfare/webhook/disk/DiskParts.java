package dev.fanfare.webhook.disk;

import dev.fanfare.webhook.outbox.WebhookOptions;

/// How the bytes of a file are divided: three quarters are for pending webhooks, an eighth each for
/// dead letters and for what was reported as present.
final class DiskParts {

  private static final int PARTS = 8;
  private static final int PENDING_PARTS = 6;

  private DiskParts() {}

  static long pending(WebhookOptions options) {
    return options.maxDiskBytes() / PARTS * PENDING_PARTS;
  }

  static long reported(WebhookOptions options) {
    return options.maxDiskBytes() / PARTS;
  }

  static long deadLetters(WebhookOptions options) {
    return options.maxDiskBytes() / PARTS;
  }
}
