package dev.fanfare.session;

import dev.fanfare.protocol.Member;
import java.util.List;

/// The user that a connection is signed in as (section 4).
///
/// @param watchlist ids after the limit was applied; empty if the app has no watchlists
record SignedInUser(String id, Member member, List<String> watchlist) {}
