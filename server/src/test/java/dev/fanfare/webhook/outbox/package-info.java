/// Webhooks: the contract of outboxes, failing disks, killed processes, and deliveries to receivers
/// that fail.
@NullMarked
package dev.fanfare.webhook.outbox;

import org.jspecify.annotations.NullMarked;
