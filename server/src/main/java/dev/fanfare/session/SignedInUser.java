package dev.fanfare.session;

import dev.fanfare.protocol.Member;
import java.util.List;

/// Who a connection is signed in as (section 4).
///
/// @param watchlist ids that count, already cut to the limit; empty if the app has no watchlists
record SignedInUser(String id, Member member, List<String> watchlist) {}
