package dev.fanfare.loadtest.measure;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class SequenceLedgerTest {

  private final SequenceLedger ledger = new SequenceLedger(3);

  @Test
  void orderedStreamHasNoFindings() {
    for (int number = 0; number < 5; number++) {
      assertThat(ledger.accept(1, number)).isTrue();
    }
    assertThat(verdict(1, 5)).isEqualTo("lost 0 duplicated 0 outOfOrder 0");
  }

  @Test
  void lastMessagesMayBeLost() {
    assertThat(ledger.accept(0, 0)).isTrue();
    assertThat(verdict(0, 4)).isEqualTo("lost 3 duplicated 0 outOfOrder 0");
    assertThat(verdict(2, 2)).isEqualTo("lost 2 duplicated 0 outOfOrder 0");
  }

  @Test
  void lateArrivalsAreOutOfOrderAndNotLost() {
    accept(0, 1, 4, 2);
    assertThat(ledger.missing()).isEqualTo(1);
    assertThat(verdict(0, 5)).isEqualTo("lost 1 duplicated 0 outOfOrder 1");
    accept(3);
    assertThat(ledger.missing()).isZero();
    assertThat(verdict(0, 5)).isEqualTo("lost 0 duplicated 0 outOfOrder 2");
  }

  @Test
  void duplicatesAreFoundInAndAfterGaps() {
    accept(0, 0, 3, 3, 1, 1, 0);
    assertThat(verdict(0, 4)).isEqualTo("lost 1 duplicated 4 outOfOrder 1");
  }

  @Test
  void publishersAreSeparate() {
    assertThat(ledger.accept(0, 2)).isTrue();
    assertThat(ledger.accept(1, 1)).isTrue();
    assertThat(ledger.accept(1, 0)).isTrue();
    assertThat(ledger.lost(0, 3)).isEqualTo(2);
    assertThat(ledger.lost(1, 2)).isZero();
    assertThat(ledger.outOfOrder()).isEqualTo(1);
  }

  @Test
  void unknownPublishersAreForeign() {
    assertThat(ledger.accept(3, 0)).isFalse();
    ledger.acceptForeign();
    assertThat(ledger.foreign()).isEqualTo(2);
  }

  /// Any shuffle with some numbers dropped and some duplicated is accounted for to the last
  /// message.
  @Test
  void everyMessageOfARandomStreamIsAccountedFor() {
    for (long seed = 0; seed < 200; seed++) {
      Random random = new Random(seed);
      SequenceLedger one = new SequenceLedger(1);
      int sent = 200;
      List<Integer> stream = new ArrayList<>();
      int dropped = 0;
      int doubled = 0;
      for (int number = 0; number < sent; number++) {
        boolean drop = random.nextInt(10) == 0;
        boolean twice = !drop && random.nextInt(10) == 0;
        dropped += drop ? 1 : 0;
        doubled += twice ? 1 : 0;
        stream.addAll(Collections.nCopies(drop ? 0 : twice ? 2 : 1, number));
      }
      Collections.shuffle(stream, random);
      long fresh = stream.stream().filter(number -> one.accept(0, number)).count();
      assertThat(fresh).isEqualTo(sent - dropped);
      assertThat(one.lost(0, sent)).isEqualTo(dropped);
      assertThat(one.duplicated()).isEqualTo(doubled);
    }
  }

  private void accept(int... numbers) {
    for (int number : numbers) {
      boolean _ = ledger.accept(0, number);
    }
  }

  private String verdict(int publisher, int sent) {
    return "lost %d duplicated %d outOfOrder %d"
        .formatted(ledger.lost(publisher, sent), ledger.duplicated(), ledger.outOfOrder());
  }
}
