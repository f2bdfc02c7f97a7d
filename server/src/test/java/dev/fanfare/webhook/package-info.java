/// What happened, told without loss: outboxes by their contract, and what becomes of them when
/// disks fail and processes are killed.
@NullMarked
package dev.fanfare.webhook;

import org.jspecify.annotations.NullMarked;
