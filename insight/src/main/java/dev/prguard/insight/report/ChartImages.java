package dev.prguard.insight.report;

import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.util.function.Supplier;
import org.jfree.chart.JFreeChart;

/// Charts as SVG and as pixels.
final class ChartImages {
  private ChartImages() {}

  /// Loads fonts and chart classes, which take as long as the queries do: call it beside them.
  ///
  /// @throws ChartsUnavailableException when there are no fonts
  static void warmUp() {
    drawing(() -> {
      BufferedImage image = new BufferedImage(8, 8, BufferedImage.TYPE_INT_RGB);
      Graphics2D graphics = image.createGraphics();
      graphics.setFont(Charts.FONT);
      graphics.drawString("0", 0, 8);
      graphics.dispose();
      return image;
    });
  }

  /// An `svg` element.
  ///
  /// @param label what it shows, for those who cannot see it
  static String svg(JFreeChart chart, int width, int height, String label) {
    return drawing(() -> {
      StringBuilder svg = new StringBuilder(16_384);
      svg.append("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 ")
          .append(width)
          .append(' ')
          .append(height)
          .append("\" role=\"img\" aria-label=\"")
          .append(Markup.escape(label))
          .append("\">\n");
      SvgGraphics graphics = new SvgGraphics(svg, Palette.NAMES);
      chart.draw(graphics, new Rectangle2D.Double(0, 0, width, height));
      graphics.dispose();
      return svg.append("</svg>\n").toString();
    });
  }

  static void paint(JFreeChart chart, Graphics2D graphics, Rectangle2D area) {
    chart.draw(graphics, area);
  }

  static Graphics2D smooth(BufferedImage image) {
    Graphics2D graphics = image.createGraphics();
    graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    graphics.setRenderingHint(
        RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
    graphics.setRenderingHint(
        RenderingHints.KEY_FRACTIONALMETRICS, RenderingHints.VALUE_FRACTIONALMETRICS_ON);
    return graphics;
  }

  static Font font(int style, float size) {
    return new Font(Font.SANS_SERIF, style, Math.round(size));
  }

  /// A machine without fontconfig, or without a font, fails deep in the JDK and in several ways: an
  /// InternalError, a NullPointerException, an UnsatisfiedLinkError.
  static <T> T drawing(Supplier<T> drawn) {
    try {
      return drawn.get();
    } catch (LinkageError | InternalError e) {
      throw new ChartsUnavailableException(e);
    } catch (RuntimeException e) {
      for (StackTraceElement frame : e.getStackTrace()) {
        if (frame.getClassName().startsWith("sun.awt.F")
            || frame.getClassName().startsWith("sun.font.")) {
          throw new ChartsUnavailableException(e);
        }
      }
      throw e;
    }
  }
}
