package dev.fanfare.nats;

import dev.fanfare.bus.EngineOptions;
import dev.fanfare.bus.EngineUrl;
import dev.fanfare.bus.EngineWire;
import dev.fanfare.bus.StoreRemark;
import io.nats.client.Connection;
import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamManagement;
import io.nats.client.Nats;
import io.nats.client.api.AccountStatistics;
import io.nats.client.api.DiscardPolicy;
import io.nats.client.api.StorageType;
import io.nats.client.api.StreamConfiguration;
import io.nats.client.api.StreamInfo;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// What the streams and the account's limits of a NATS mean for what it keeps.
public final class NatsRemarks {

  private static final int TIGHT_PERCENT = 80;
  private static final int ALL_PERCENT = 100;
  private static final long MIB = 1L << 20;

  private static final EngineWire.Events SILENT =
      new EngineWire.Events() {
        @Override
        public void received(byte[] datagram) {}

        @Override
        public void lost(String reason) {}
      };

  private NatsRemarks() {}

  /// Asks the first NATS that answers; the streams exist. Blocks for some seconds at most for each
  /// URL and question.
  public static List<StoreRemark> of(EngineOptions options) throws InterruptedException {
    for (EngineUrl url : options.urls()) {
      Connection connection = null;
      try {
        connection = Nats.connect(NatsSettings.of(options, url, new NatsEvents(url, SILENT)));
        return of(
            StreamSetup.of(connection).management(), new StreamNames(options.cluster()).events());
      } catch (IOException e) {
        // another one may answer
      } finally {
        if (connection != null) {
          connection.close();
        }
      }
    }
    return List.of();
  }

  private static List<StoreRemark> of(JetStreamManagement management, String stream) {
    List<StoreRemark> remarks = new ArrayList<>();
    try {
      remarks.addAll(ofStream(management.getStreamInfo(stream)));
    } catch (IOException | JetStreamApiException e) {
      remarks.add(new StoreRemark("the stream " + stream + " cannot be examined"));
    }
    try {
      remarks.addAll(ofAccount(management.getAccountStatistics()));
    } catch (IOException | JetStreamApiException e) { // a right that nodes do not need
      remarks.add(new StoreRemark("the user may not read the limits of its account"));
    }
    return remarks;
  }

  private static List<StoreRemark> ofStream(StreamInfo info) {
    StreamConfiguration stream = info.getConfiguration();
    List<StoreRemark> remarks = new ArrayList<>();
    String name = stream.getName();
    if (stream.getStorageType() == StorageType.Memory) {
      remarks.add(
          new StoreRemark(
              "the stream " + name + " is in memory, so history is lost when NATS stops",
              "Delete the stream, and create it with file storage, or let a node create it."));
    }
    if (stream.getDiscardPolicy() == DiscardPolicy.New
        && (stream.getMaxBytes() > 0 || stream.getMaxMsgs() > 0)) {
      remarks.add(
          new StoreRemark(
              "the stream " + name + " refuses new events once it is full",
              "Set its discard policy to old."));
    }
    int replicas = stream.getReplicas();
    remarks.add(
        new StoreRemark(
            "the stream " + name + " has " + (replicas == 1 ? "1 copy" : replicas + " copies")));
    return remarks;
  }

  private static List<StoreRemark> ofAccount(AccountStatistics account) {
    long most = account.getLimits().getMaxStorage();
    long used = account.getStorage();
    if (most <= 0) {
      return List.of(new StoreRemark("the account has no limit of storage"));
    }
    String finding = "the account uses " + used / MIB + " of " + most / MIB + " MiB";
    return List.of(
        used * ALL_PERCENT > most * TIGHT_PERCENT
            ? new StoreRemark(
                finding + ": once that is full, events are not kept",
                "Raise the limit of storage of the account, or keep less.")
            : new StoreRemark(finding));
  }
}
