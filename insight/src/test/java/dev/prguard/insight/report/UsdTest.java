package dev.prguard.insight.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class UsdTest {
  private static BigDecimal parse(String printed) {
    return new BigDecimal(printed.substring(1).replace(",", ""));
  }

  @Test
  void column_addsUpToThePrintedTotal_andEachCellIsWithinOneUnit() {
    Random random = new Random(7);
    for (int round = 0; round < 500; round++) {
      List<Long> amounts = new ArrayList<>();
      int rows = random.nextInt(40);
      for (int i = 0; i < rows; i++) {
        amounts.add(random.nextLong(1L << (1 + random.nextInt(42))));
      }
      long total = amounts.stream().mapToLong(Long::longValue).sum();
      Usd usd = Usd.forTotal(total);
      BigDecimal unit = BigDecimal.ONE.movePointLeft(usd.decimals());

      List<String> cells = usd.column(amounts);

      BigDecimal sum = BigDecimal.ZERO;
      for (int i = 0; i < rows; i++) {
        BigDecimal cell = parse(cells.get(i));
        sum = sum.add(cell);
        BigDecimal exact = BigDecimal.valueOf(amounts.get(i), 9);
        assertThat(cell.subtract(exact).abs()).isLessThan(unit);
      }
      assertThat(sum).isEqualByComparingTo(parse(usd.print(total)));
    }
  }

  @Test
  void amounts_arePrintedInOneUnit_thatFitsTheTotal() {
    assertThat(Usd.forTotal(1_234_567_890_123L).print(1_234_567_890_123L)).isEqualTo("$1,234.57");
    assertThat(Usd.forTotal(1_500_000_000L).print(1_500_049_999L)).isEqualTo("$1.5000");
    assertThat(Usd.forTotal(0).print(1_499)).isEqualTo("$0.000001");
    assertThat(Usd.exact(1_000_000_001)).isEqualTo("1.000000001");
    assertThat(Usd.fine(0.000123456)).isEqualTo("$0.0001235");
    assertThat(Usd.fine(123456)).isEqualTo("$123,500");
  }
}
