package dev.fanfare.cluster.datagram;

import io.soabase.recordbuilder.core.RecordBuilder;
import java.util.List;
import java.util.Set;

/// What one node sends to another, or to all.
public sealed interface Datagram {

  /// The lowest and the highest version of items that this build reads.
  int LOWEST_CODEC = 1;

  int HIGHEST_CODEC = 2;

  /// From this version on, data may be compressed.
  int COMPRESSION_CODEC = 2;

  /// How many apps a beat may announce the demand of.
  int MAX_DEMANDS = 256;

  /// With more apps than this, a beat does not say which they are.
  int MAX_APPS = 64;

  /// Sent to all at fixed intervals: a sign of life, and where each link stands.
  ///
  /// @param number from 1
  /// @param isDraining the sender will shut down
  /// @param isComplete the table contains all nodes that the sender knows
  /// @param table what the sender knows of other nodes, and of their links
  /// @param demands of apps with rate limits; at most [#MAX_DEMANDS]
  /// @param apps hashes of the ids of all apps that the sender knows; none if it has no apps, or
  ///   more than [#MAX_APPS]
  /// @param heard of each node of the table, its latest beat that the sender has heard: number 0 if
  ///   there is none
  @RecordBuilder
  record Beat(
      long number,
      boolean isDraining,
      boolean isComplete,
      Identity identity,
      List<Seen> table,
      List<Demand> demands,
      Set<Integer> apps,
      List<HeardBeat> heard)
      implements Datagram {}

  /// What an app's requests to the sender ask for, in tokens per second.
  ///
  /// @param events of `max_http_events_per_second`
  /// @param reads of `max_http_reads_per_second`
  record Demand(String appId, double events, double reads) {}

  /// What a node is, for people and for checks.
  ///
  /// @param configHash of its apps and limits
  record Identity(
      String node, String version, int lowestCodec, int highestCodec, long configHash) {}

  /// What the sender of a beat knows of another node.
  ///
  /// @param isNone the sender holds nothing of it; generation and expected are what it had at last
  /// @param generation of the link to the sender
  /// @param expected the number of the item that the sender expects next
  /// @param openedGeneration of the link from the sender, 0 if there is none
  /// @param next the number of the next item that the sender will put into that link
  record Seen(
      long life,
      boolean isNone,
      long generation,
      long expected,
      long openedGeneration,
      long next) {}

  /// Items of a link.
  ///
  /// @param first the number of the first of them
  /// @param ack of the link in the other direction
  /// @param heard the receiver's beats that the sender has seen last
  /// @param bytes that the items took before they were compressed
  record Data(
      long generation,
      long first,
      Ack ack,
      List<HeardBeat> heard,
      List<ReceivedItem> items,
      int bytes)
      implements Datagram {}

  /// A beat that the sender of a datagram has heard.
  ///
  /// @param agoNs how long before the datagram was sent
  record HeardBeat(long number, long agoNs) {}

  /// How far a link was applied.
  ///
  /// @param isNone the sender holds nothing of that node; the rest is what it had at last
  /// @param isGap items are missing before some that have arrived
  record Ack(long generation, long expected, boolean isNone, boolean isGap) implements Datagram {}
}
