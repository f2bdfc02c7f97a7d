package dev.fanfare.history.segment;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Searches among the records with one key, also if other channels have the same key.
final class OffsetsTest {

  private static final int MOST = 200;

  private int reads;

  /// Records whose offsets are their indexes.
  private record Indexes(int count) implements Offsets {
    @Override
    public int at(int index) {
      return index;
    }
  }

  private int search(long[] sequences, long after) throws IOException {
    reads = 0;
    return new Indexes(sequences.length)
        .firstAbove(
            after,
            offset -> {
              reads++;
              return sequences[offset];
            });
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void whatIsFoundIsTheFirstOfTheChannelThatIsHigher(long seed) throws IOException {
    Random random = new Random(seed);
    for (int run = 0; run < MOST; run++) {
      long[] sequences = new long[random.nextInt(MOST)];
      long last = 0;
      int strangers = random.nextInt(4);
      for (int i = 0; i < sequences.length; i++) {
        last += 1 + random.nextInt(3);
        sequences[i] = random.nextInt(4) < strangers ? -1 : last;
      }
      long after = random.nextLong(last + 2);
      int found = search(sequences, after);
      for (int i = 0; i < sequences.length; i++) {
        if (sequences[i] >= 0) {
          assertThat(i < found).as("%d of %d", i, found).isEqualTo(sequences[i] <= after);
        }
      }
    }
  }

  @Test
  void fewRecordsAreRead() throws IOException {
    long[] sequences = new long[100_000];
    for (int i = 0; i < sequences.length; i++) {
      sequences[i] = 2L * i;
    }
    assertThat(search(sequences, 77_777)).isEqualTo(38_889);
    assertThat(reads).isLessThanOrEqualTo(17);
  }
}
