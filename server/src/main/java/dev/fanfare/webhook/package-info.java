/// Webhooks: sends events to the servers of apps over HTTP (section 7), without loss.
///
/// An event is accepted from the listener without blocking ([Intake]), held back if it may still be
/// undone ([HoldBack]), and put into the outbox, from which the couriers send it. [Reconciliation]
/// reports what has left while the server was not running.
///
/// May import: its own rooms and the packages below.
@NullMarked
package dev.fanfare.webhook;

import org.jspecify.annotations.NullMarked;
