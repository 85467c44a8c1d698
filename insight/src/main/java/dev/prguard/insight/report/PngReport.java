package dev.prguard.insight.report;

import dev.prguard.insight.report.ReportTable.Cell;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.geom.Rectangle2D;
import java.awt.geom.RoundRectangle2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import javax.imageio.ImageIO;
import org.jfree.chart.JFreeChart;

/// One picture for a chat: the main figures and four charts, on a light ground.
public final class PngReport {
  private static final int WIDTH = 1200;
  private static final int HEIGHT = 930;
  private static final int EDGE = 24;
  private static final int BARS = 6;

  private PngReport() {}

  /// @throws ChartsUnavailableException when there are no fonts
  public static byte[] write(CostReport report) {
    return ChartImages.drawing(() -> png(image(report)));
  }

  private static BufferedImage image(CostReport report) {
    BufferedImage image = new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = ChartImages.smooth(image);
    graphics.setColor(Palette.PAPER);
    graphics.fillRect(0, 0, WIDTH, HEIGHT);
    text(graphics, ReportText.title(report), EDGE, 46, Font.BOLD, 25);
    graphics.setColor(Palette.FAINT);
    small(graphics, ReportText.subtitle(report), EDGE, 70);
    if (report.isEmpty()) {
      text(graphics, ReportText.nothing(report), EDGE, 130, Font.PLAIN, 20);
      graphics.dispose();
      return image;
    }
    cards(graphics, report);
    Charts charts = new Charts(report);
    int half = (WIDTH - 3 * EDGE) / 2;
    int right = 2 * EDGE + half;
    chart(
        graphics,
        "Cost by " + charts.bucketName(),
        charts.costByDay(),
        EDGE,
        186,
        WIDTH - 2 * EDGE,
        320);
    chart(graphics, "Tokens", charts.tokens(), EDGE, 520, half, 370);
    int upper = 50 + 26 * Math.min(report.operations().size(), BARS);
    chart(graphics, "Cost by operation", charts.costByOperation(BARS), right, 520, half, upper);
    chart(
        graphics, "Cost by model", charts.costByModel(BARS), right, 530 + upper, half, 360 - upper);
    List<String> warnings = ReportText.warnings(report);
    graphics.setColor(Palette.LIMIT);
    small(graphics, String.join(" ", warnings), EDGE, HEIGHT - 14);
    graphics.dispose();
    return image;
  }

  private static void cards(Graphics2D graphics, CostReport report) {
    List<List<Cell>> rows =
        new SummaryTables(report)
            .summary().rows().stream()
                .filter(row -> ReportText.ON_CARDS.contains(row.getFirst().text()))
                .toList();
    int gap = 12;
    int width = (WIDTH - 2 * EDGE - gap * (rows.size() - 1)) / rows.size();
    for (int i = 0; i < rows.size(); i++) {
      int x = EDGE + i * (width + gap);
      graphics.setColor(Palette.GRID);
      graphics.draw(new RoundRectangle2D.Double(x, 86, width, 84, 10, 10));
      graphics.setColor(Palette.FAINT);
      small(graphics, rows.get(i).get(0).text(), x + 12, 107);
      text(graphics, rows.get(i).get(1).text(), x + 12, 136, Font.BOLD, 21);
      graphics.setColor(Palette.FAINT);
      String change = rows.get(i).get(3).text();
      small(graphics, change.equals(Figures.NONE) ? "" : change + " against before", x + 12, 159);
    }
  }

  private static void chart(
      Graphics2D graphics, String title, JFreeChart chart, int x, int y, int width, int height) {
    text(graphics, title, x, y + 16, Font.BOLD, 15);
    ChartImages.paint(chart, graphics, new Rectangle2D.Double(x, y + 22, width, height - 22));
  }

  private static void text(Graphics2D graphics, String text, int x, int y, int style, float size) {
    graphics.setColor(Palette.INK);
    graphics.setFont(ChartImages.font(style, size));
    graphics.drawString(text, x, y);
  }

  private static void small(Graphics2D graphics, String text, int x, int y) {
    graphics.setFont(ChartImages.font(Font.PLAIN, 13));
    graphics.drawString(text, x, y);
  }

  private static byte[] png(BufferedImage image) {
    try (ByteArrayOutputStream bytes = new ByteArrayOutputStream(200_000)) {
      ImageIO.setUseCache(false);
      ImageIO.write(image, "png", bytes);
      return bytes.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
