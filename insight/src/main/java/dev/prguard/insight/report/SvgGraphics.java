package dev.prguard.insight.report;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.Shape;
import java.awt.font.GlyphVector;
import java.awt.geom.AffineTransform;
import java.awt.geom.PathIterator;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.util.Map;
import org.jspecify.annotations.NullUnmarked;

/// Writes what a chart draws as the inside of an SVG: shapes in the chart's own coordinates, text
/// as text. Colours that the theme names become CSS variables, so that the page's light and dark
/// mode hold for the chart too. Nothing is clipped: a chart's axes hold all that it draws.
@NullUnmarked // Graphics2D's own signatures say nothing of null.
final class SvgGraphics extends ShapeGraphics {
  private final StringBuilder svg;
  private final Map<Color, String> names;

  /// @param names CSS values of colours, such as `var(--ink)`
  SvgGraphics(StringBuilder svg, Map<Color, String> names) {
    this(svg, names, new BufferedImage(1, 1, BufferedImage.TYPE_INT_ARGB).createGraphics());
    state.setClip(null);
    state.setRenderingHint(
        RenderingHints.KEY_FRACTIONALMETRICS, RenderingHints.VALUE_FRACTIONALMETRICS_ON);
    state.setRenderingHint(
        RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
  }

  private SvgGraphics(StringBuilder svg, Map<Color, String> names, Graphics2D state) {
    super(state);
    this.svg = svg;
    this.names = Map.copyOf(names);
  }

  @Override
  public void fill(Shape shape) {
    String fill = fill();
    if (shape instanceof Rectangle2D rectangle && isStraight()) {
      Rectangle2D at = getTransform().createTransformedShape(rectangle).getBounds2D();
      if (at.getWidth() > 0 && at.getHeight() > 0) {
        svg.append("<rect");
        number("x", at.getX());
        number("y", at.getY());
        number("width", at.getWidth());
        number("height", at.getHeight());
        svg.append(fill).append("/>\n");
      }
      return;
    }
    path(shape);
    svg.append(fill).append("/>\n");
  }

  @Override
  public void draw(Shape shape) {
    if (!(getStroke() instanceof BasicStroke stroke)) {
      fill(getStroke().createStrokedShape(shape));
      return;
    }
    path(shape);
    svg.append(" fill=\"none\" stroke=\"").append(colour()).append('"');
    opacity("stroke-opacity");
    number("stroke-width", stroke.getLineWidth());
    float[] dashes = stroke.getDashArray();
    if (dashes != null) {
      svg.append(" stroke-dasharray=\"");
      for (float dash : dashes) {
        svg.append(decimal(dash)).append(' ');
      }
      svg.append('"');
    }
    if (stroke.getLineJoin() == BasicStroke.JOIN_ROUND) {
      svg.append(" stroke-linejoin=\"round\"");
    }
    svg.append("/>\n");
  }

  @Override
  public void drawString(String text, float x, float y) {
    if (text.isBlank()) {
      return;
    }
    AffineTransform transform = getTransform();
    svg.append("<text");
    if (isStraight()) {
      number("x", x + transform.getTranslateX());
      number("y", y + transform.getTranslateY());
    } else {
      svg.append(" transform=\"matrix(");
      double[] matrix = new double[6];
      transform.getMatrix(matrix);
      for (double value : matrix) {
        svg.append(decimal(value)).append(' ');
      }
      svg.append(")\"");
      number("x", x);
      number("y", y);
    }
    number("font-size", getFont().getSize2D());
    if (getFont().isBold()) {
      svg.append(" font-weight=\"bold\"");
    }
    // The browser's font may be another one: the text keeps the width that it was measured with.
    number("textLength", getFontMetrics(getFont()).getStringBounds(text, this).getWidth());
    svg.append(" lengthAdjust=\"spacingAndGlyphs\"").append(fill()).append('>');
    svg.append(Markup.escape(text)).append("</text>\n");
  }

  @Override
  public void drawGlyphVector(GlyphVector glyphs, float x, float y) {
    fill(glyphs.getOutline(x, y));
  }

  private boolean isStraight() {
    return (getTransform().getType() & ~AffineTransform.TYPE_TRANSLATION) == 0;
  }

  private void path(Shape shape) {
    svg.append("<path d=\"");
    double[] at = new double[6];
    for (PathIterator i = shape.getPathIterator(getTransform()); !i.isDone(); i.next()) {
      int type = i.currentSegment(at);
      svg.append("MLQCZ".charAt(type));
      int points = "\1\1\2\3\0".charAt(type);
      for (int p = 0; p < 2 * points; p++) {
        svg.append(p == 0 ? "" : " ").append(decimal(at[p]));
      }
    }
    svg.append('"');
  }

  private String fill() {
    StringBuilder fill = new StringBuilder(" fill=\"").append(colour()).append('"');
    if (getColor().getAlpha() < 255) {
      fill.append(" fill-opacity=\"").append(decimal(getColor().getAlpha() / 255.0)).append('"');
    }
    return fill.toString();
  }

  private void opacity(String attribute) {
    if (getColor().getAlpha() < 255) {
      number(attribute, getColor().getAlpha() / 255.0);
    }
  }

  private String colour() {
    Color colour = getColor();
    Color opaque = new Color(colour.getRGB() & 0xFFFFFF);
    String name = names.get(opaque);
    return name != null ? name : "#%06x".formatted(opaque.getRGB() & 0xFFFFFF);
  }

  private void number(String attribute, double value) {
    svg.append(' ').append(attribute).append("=\"").append(decimal(value)).append('"');
  }

  /// Two decimals at most; tenths of a pixel cannot be seen.
  static String decimal(double value) {
    long hundredths = Math.round(value * 100);
    String text = Long.toString(hundredths / 100);
    long rest = Math.abs(hundredths % 100);
    if (hundredths < 0 && hundredths > -100) {
      text = "-0";
    }
    if (rest == 0) {
      return hundredths == 0 ? "0" : text;
    }
    return text + (rest % 10 == 0 ? "." + rest / 10 : (rest < 10 ? ".0" : ".") + rest);
  }

  @Override
  public Graphics create() {
    return new SvgGraphics(svg, names, (Graphics2D) state.create());
  }
}
