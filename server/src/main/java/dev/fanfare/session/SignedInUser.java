package dev.fanfare.session;

import dev.fanfare.protocol.Member;
import dev.fanfare.protocol.Parsed;
import java.util.List;

/// The user that a connection is signed in as (section 4). Kept for as long as the connection, so
/// nothing is kept that can never be of use.
///
/// @param member this user on presence channels, or why it exceeds their limits
/// @param watchlist ids that can sign in, after the limit was applied; empty if the app has no
///   watchlists
record SignedInUser(String id, Parsed<Member> member, List<String> watchlist) {}
