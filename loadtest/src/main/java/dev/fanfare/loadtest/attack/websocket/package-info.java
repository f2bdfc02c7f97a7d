/// Attacks with WebSocket frames and messages.
@NullMarked
package dev.fanfare.loadtest.attack.websocket;

import org.jspecify.annotations.NullMarked;
