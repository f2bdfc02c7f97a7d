/// The official clients and server SDKs, unmodified, against a real node.
///
/// For Java: [BothJavaClients] runs a class with the current and with the old client. [Device] is
/// one connection of that client, [Backend] the application's server, [Wire] the network between
/// them. [NotificationsFlowTest] and [ServiceSkeletonFlowTest] show two whole apps and are the
/// place to start reading. For JavaScript: [JavaScriptClientsTest].
@NullMarked
package dev.fanfare.clients;

import org.jspecify.annotations.NullMarked;
