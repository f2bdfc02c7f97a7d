/// Apps: their credentials, options, limits and look-up.
///
/// [App] is immutable; a reload replaces it in [CurrentApps]. [Apps] is the port through which all
/// other code looks up apps, by key for sockets and by id for requests. [AppStore] is the port
/// through which operators list and change them. [WebhookEndpoint] is where its webhooks go.
///
/// May import: `protocol`; RE2/J in [ChannelPattern] only.
@NullMarked
package dev.fanfare.app;

import org.jspecify.annotations.NullMarked;
