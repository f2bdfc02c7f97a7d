/// An app: who it is, what it may do, how it is found.
///
/// [App] is a value that never changes; a reload replaces it, in [CurrentApps]. [Apps] is the port
/// through which everything else looks apps up, by key for sockets and by id for requests.
/// [WebhookEndpoint] is where its webhooks go.
///
/// May import: `protocol`; RE2/J in [ChannelPattern] only.
@NullMarked
package dev.fanfare.app;

import org.jspecify.annotations.NullMarked;
